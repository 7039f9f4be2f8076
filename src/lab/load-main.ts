// `node --import tsx src/lab/load-main.ts '{"targets": [{"name": "mine", "port": 8000}], "clients": 50, "rounds": 3, "roundMs": 500}'`

import { type LoadOptions, load } from "./load";

const [text = "{}"] = process.argv.slice(2);
console.log(JSON.stringify(await load(JSON.parse(text) as LoadOptions)));
