import { EventEmitter, languages, type TextDocumentContentProvider, Uri, ViewColumn, window, workspace } from "vscode";

export const SCHEME = "dockfix";

/** Diffs as documents that can be read and not saved. */
export class Diffs implements TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.path) ?? "";
  }

  /** Opens the diff of the file at `source` beside it; without a diff, says so. */
  async show(source: string, diff: unknown): Promise<void> {
    if (typeof diff !== "string" || !diff) {
      void window.showInformationMessage("dockfix finds nothing to change in this file.");
      return;
    }
    const uri = Uri.from({ scheme: SCHEME, path: `${Uri.parse(source).path}.diff` });
    this.texts.set(uri.path, diff);
    this.changed.fire(uri);
    // VS Code takes a Dockerfile.diff for a Dockerfile: its names of files go before its ends of names.
    const document = await languages.setTextDocumentLanguage(await workspace.openTextDocument(uri), "diff");
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preview: true });
  }
}
