# What beltline's commands and options go on with, for fish; files where the program has nothing.
function __beltline_complete
    set -l found (env _BELTLINE_COMPLETE=complete_fish _TYPER_COMPLETE_FISH_ACTION=get-args \
        _TYPER_COMPLETE_ARGS=(commandline -cp | string collect) beltline 2>/dev/null)
    if string length -q -- $found
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete --command beltline --no-files --arguments '(__beltline_complete)'
