import { commands, type ExtensionContext, window, workspace } from "vscode";
import { Client } from "./client";
import { Diffs, SCHEME } from "./diffs";

const NOT_STARTED =
  'dockfix could not be started: run "pip install --upgrade dockfix", or say in the setting dockfix.path where it is.';

let client: Client | undefined;

/** Starts the server, and again whenever a setting changes. */
export async function activate({ subscriptions }: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel("dockfix", { log: true });
  const diffs = new Diffs();

  async function restart(): Promise<void> {
    const last = client;
    const next = new Client(log, async (command, args, run) => {
      const result: unknown = await run(command, args);
      if (command === "dockfix.showDiff") await diffs.show(args[0], result);
      return result;
    });
    client = next;
    await last?.end();
    if (client !== next) return; // Two settings may change at once.
    await next.start().catch(() => tell(NOT_STARTED, () => log.show()));
  }

  /** Has the server run a command of its own for the file in the active editor. */
  async function ask(command: string, ...rest: string[]): Promise<void> {
    if (!client?.isRunning()) await restart();
    const uri = window.activeTextEditor?.document.uri;
    if (client?.isRunning() && uri) {
      await commands.executeCommand(command, client.code2ProtocolConverter.asUri(uri), ...rest);
    }
  }

  subscriptions.push(
    log,
    workspace.registerTextDocumentContentProvider(SCHEME, diffs),
    workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("dockfix") && restart()),
    commands.registerCommand("dockfix.applyAllSafe", () => ask("dockfix.applyAll", "safe")),
    commands.registerCommand("dockfix.openDiff", () => ask("dockfix.showDiff")),
    commands.registerCommand("dockfix.restart", restart),
  );
  await restart();
}

/** Stops the server. */
export async function deactivate(): Promise<void> {
  await client?.end();
}

/** Shows the sentence; nobody waits for the answer. */
function tell(sentence: string, showLog: () => void): void {
  void window.showErrorMessage(sentence, "Open the settings", "Show the log").then((chosen) => {
    if (chosen === "Open the settings") void commands.executeCommand("workbench.action.openSettings", "dockfix.path");
    if (chosen === "Show the log") showLog();
  });
}
