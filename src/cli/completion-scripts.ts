/**
 * What each shell runs at TAB: it asks evseal, whose first line says whether words follow or the shell's own completion
 * of files is wanted. What was typed is handed over as it is and never evaluated.
 */
export const completionScripts: Readonly<Record<string, string>> = {
  bash: `# evseal completion bash > ~/.local/share/bash-completion/completions/evseal
_evseal() {
  local line quoted kind=
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$kind" ]; then kind=$line; continue; fi
    printf -v quoted %q "$line"
    COMPREPLY+=("$quoted")
  done < <(evseal complete-words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ "$kind" = files ]; then compopt -o default; fi
}
complete -F _evseal evseal
`,
  zsh: `#compdef evseal
# evseal completion zsh > a file named _evseal in a folder of your $fpath
_evseal() {
  local -a lines
  lines=("\${(@f)$(evseal complete-words -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "$lines[1]" == files ]]; then _files; else compadd -- "\${(@)lines[2,-1]}"; fi
}
if [[ "$funcstack[1]" == _evseal ]]; then _evseal "$@"; else compdef _evseal evseal; fi
`,
  fish: `# evseal completion fish > ~/.config/fish/completions/evseal.fish
function __evseal_words
  set -l words (commandline -opc) (commandline -ct)
  set -l lines (evseal complete-words -- $words[2..-1] 2>/dev/null)
  if test "$lines[1]" = files
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $lines[2..-1]
  end
end
complete -c evseal -f -a '(__evseal_words)'
`,
  powershell: `# evseal completion powershell >> $PROFILE
Register-ArgumentCompleter -Native -CommandName evseal -ScriptBlock {
  param($word, $line, $cursor)
  $typed = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -le $cursor } | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($word -eq '') { $typed += '""' }
  $lines = @(& evseal complete-words -- @typed 2>$null)
  if ($lines[0] -eq 'files') { return }
  $lines | Select-Object -Skip 1 | ForEach-Object {
    $text = if ($_ -match '^[\\w.-]+$') { $_ } else { "'" + $_.Replace("'", "''") + "'" }
    [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
  }
}
`,
};
