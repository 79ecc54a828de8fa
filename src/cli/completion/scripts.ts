/**
 * What each shell reads once. Each asks `flagstaff complete` with the words as they were typed, as arguments and never as
 * text to be read again: a half-typed line runs nothing. Where nothing is answered, files are completed.
 */
export const SCRIPTS = {
  bash: `_flagstaff() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(flagstaff complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _flagstaff flagstaff`,
  zsh: `_flagstaff() {
  local line
  local -a answered
  for line in "\${(@f)$(flagstaff complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && answered+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#answered} )); then
    _describe flagstaff answered
  else
    _files
  fi
}
(( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit }
compdef _flagstaff flagstaff`,
  fish: `function __flagstaff_complete
    set -l typed (commandline -opc) (commandline -ct)
    set -l answered (flagstaff complete -- $typed[2..-1] 2>/dev/null)
    if test (count $answered) -gt 0
        printf '%s\\n' $answered
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c flagstaff -f -a '(__flagstaff_complete)'`,
} as const;

/** A shell that can be told how to complete. */
export type Shell = keyof typeof SCRIPTS;
