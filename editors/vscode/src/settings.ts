import { workspace } from "vscode";

const TOLD = ["level", "only", "skip", "config"] as const;

/** The program and what it is called with. */
export function program(): { command: string; args: string[] } {
  const settings = workspace.getConfiguration("dockfix");
  return { command: settings.get("path", "dockfix"), args: settings.get("arguments", ["lsp"]) };
}

/** What the server is told: the settings that have a value. The others are left to the configuration file. */
export function told(): Record<string, unknown> {
  const settings = workspace.getConfiguration("dockfix");
  const pairs = TOLD.map((key) => [key, settings.get<string | string[] | null>(key)] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value?.length));
}
