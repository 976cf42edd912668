# What beltline's commands and options go on with, for bash.
_beltline() {
    local IFS=$'\n'
    COMPREPLY=($(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" \
        _BELTLINE_COMPLETE=complete_bash "${1/#\~/$HOME}" 2>/dev/null))
}
# Where the program has nothing to offer, files are.
complete -o default -F _beltline beltline
