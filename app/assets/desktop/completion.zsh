#compdef beltline
# What beltline's commands and options go on with, for zsh; files where the program has nothing.
_beltline() {
    eval "$(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" \
        _BELTLINE_COMPLETE=complete_zsh "${(Q)~words[1]}" 2>/dev/null)"
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _beltline "$@"
else
    compdef _beltline beltline
fi
