import { createServer } from "node:http";
import { greet } from "./greet.js";

if (process.argv.includes("--once")) {
  console.log(greet("world"));
} else {
  createServer((request, response) => response.end(greet(request.url))).listen(3000);
}
