import type { LogOutputChannel } from "vscode";
import { CloseAction, type ErrorHandler, LanguageClient, type Middleware } from "vscode-languageclient/node";
import { program, told } from "./settings";

/** A client for one server; `start` rejects where the program does not become one. */
export class Client extends LanguageClient {
  private answered = false;

  constructor(outputChannel: LogOutputChannel, executeCommand: NonNullable<Middleware["executeCommand"]>) {
    super("dockfix", "dockfix", program(), {
      documentSelector: ["file", "untitled"].map((scheme) => ({ scheme, language: "dockerfile" })),
      initializationFailedHandler: () => false,
      initializationOptions: told,
      middleware: { executeCommand, workspace: { configuration: ({ items }) => items.map(told) } },
      outputChannel,
    });
  }

  override async start(): Promise<void> {
    await super.start();
    this.answered = true;
  }

  /** Ends the server, also one that never answered. */
  async end(): Promise<void> {
    await this.dispose().catch((reason: unknown) => this.error("The server did not stop.", reason, false));
  }

  /** A server that has never answered is not started again: it would not answer the next time, either. */
  override createDefaultErrorHandler(maxRestartCount?: number): ErrorHandler {
    const usual = super.createDefaultErrorHandler(maxRestartCount);
    return {
      error: (error, message, count) => usual.error(error, message, count),
      closed: () => (this.answered ? usual.closed() : { action: CloseAction.DoNotRestart }),
    };
  }

  /** Until the server has answered, what fails goes to the log only: whoever calls `start` tells it, once. */
  override error(message: string, data?: unknown, showNotification?: boolean | "force"): void {
    super.error(message, data, this.answered && showNotification);
  }
}
