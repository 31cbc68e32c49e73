const { execFileSync } = require("node:child_process");
const { copyFileSync, mkdirSync } = require("node:fs");

mkdirSync("dist", { recursive: true });
copyFileSync("src/index.html", "dist/index.html");
execFileSync("esbuild", ["src/main.js", "--bundle", "--minify", "--outfile=dist/main.js"]);
