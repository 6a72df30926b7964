import type { Command } from "commander";
import { endHelp } from "./exit-help.js";
import type { CompletionDocument } from "./json-documents.js";
import type { Session } from "./session.js";

/** completion, which prints a script for a shell, and the hidden command that the script asks at TAB. */
export function addCompletionCommands(program: Command, session: Session): void {
  const command = program
    .command("completion")
    .description("Prints a script that makes TAB complete commands, options and contacts. It writes no file itself.")
    .summary("print the completion script of a shell")
    .addArgument(program.createArgument("<shell>", "whose script").choices(["bash", "zsh", "fish", "powershell"]));
  endHelp(command, ["evseal completion bash > ~/.local/share/bash-completion/completions/evseal"], [0, 1, 2, 8]).action(
    async (shell: string) => {
      const { completionScripts } = await import("./completion-scripts.js");
      const document: CompletionDocument = { shell, script: completionScripts[shell] ?? "" };
      if (session.ui.speaksJson) session.ui.result(document, []);
      else session.ui.page(document.script);
    },
  );
  program.command("complete-words [words...]", { hidden: true }).action(async (words: readonly string[]) => {
    const { completionOf } = await import("./completion.js");
    const { completeWords } = await import("./commands/complete-words.js");
    await completeWords(session, completionOf(program, words), words.at(-1) ?? "");
  });
}
