// The page, from the server of this lab.

import { response } from "../../http/response";
import { serve } from "../../http/server";
import { contentType, listening, page } from "./page";

const server = await serve({ port: 0 }, () => response(200, page, { "Content-Type": contentType }));
listening(server.local.port);
