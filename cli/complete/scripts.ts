import type { Shell } from './print.js';

const bash = `# Completion of dvs for bash: source <(dvs completion bash)
_dvs() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(command dvs complete --shell bash --breaks "$COMP_WORDBREAKS" -- "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -o nospace -F _dvs dvs
`;

const zsh = `#compdef dvs
# Completion of dvs for zsh: source <(dvs completion zsh), or this text in a file _dvs in a folder of $fpath
_dvs() {
  local line word note more
  local -a ends end_notes others other_notes before
  before=("\${(@Q)words[2,CURRENT-1]}")
  (( CURRENT > 2 )) || before=()
  while IFS=$'\\t' read -r word note more; do
    if [[ -z $more ]]; then
      ends+=("$word")
      end_notes+=("$word\${note:+  -- $note}")
    else
      others+=("$word")
      other_notes+=("$word\${note:+  -- $note}")
    fi
  done < <(command dvs complete --shell zsh -- "\${before[@]}" "$PREFIX" 2>/dev/null)
  (( $#others )) && compadd -l -S '' -d other_notes -a others
  (( $#ends )) && compadd -l -d end_notes -a ends
  return 0
}
if [[ $funcstack[1] == _dvs ]]; then
  _dvs "$@"
else
  compdef _dvs dvs
fi
`;

const fish = `# Completion of dvs for fish: dvs completion fish | source
function __dvs_complete
    set -l before (commandline -opc)
    set -e before[1]
    set -l current (commandline -ct)
    command dvs complete --shell fish -- $before "$current" 2>/dev/null
end
complete -c dvs -f -a '(__dvs_complete)'
`;

/** What each shell runs to complete dvs. */
export const SCRIPTS: Readonly<Record<Shell, string>> = { bash, zsh, fish };
