// What a person sees of the extension, in a browser: node use.mjs CHROMIUM URL. Prints it as JSON.
import { chromium } from "playwright-core";

const [, , executablePath, url] = process.argv;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1300, height: 800 } });
page.setDefaultTimeout(90_000);
const notifications = page.locator(".notification-list-item-message");
const tab = page.locator(".tab", { hasText: "Dockerfile.diff" });

await page.goto(url);
await page.getByText("No, I don't trust the authors").click();
await language("Docker").waitFor();
await page.locator(".view-line").first().click();
const seen = { told: [], marked: 0, diff: "" };
await command("Dockfix: Show the diff");
await notifications.or(tab).first().waitFor();
if (await tab.isVisible()) {
  const [editor, diff] = await page.locator(".editor-group-container").all();
  await diff.locator(".view-line").nth(5).waitFor();
  seen.diff = (await diff.locator(".view-line").allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
  await language("Diff").waitFor();
  seen.marked = await editor.locator(".squiggly-info, .squiggly-hint, .squiggly-warning").count();
  await editor.locator(".view-line").first().click();
  await command("Dockfix: Apply all safe changes");
  await editor.locator(".view-line", { hasText: "&&" }).first().waitFor();
  await page.keyboard.press("Control+S");
  await page.locator(".tab.dirty").waitFor({ state: "detached" });
}
await page.waitForTimeout(1000); // A second notification, which must not be, would be behind the first.
seen.told = await notifications.allInnerTexts();
console.log(JSON.stringify(seen));
await browser.close();

function language(name) {
  return page.locator("#status\\.editor\\.mode", { hasText: name });
}

async function command(title) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: title }).waitFor();
  await page.keyboard.press("Enter");
}
