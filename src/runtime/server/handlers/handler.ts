import type { OutputSender, OutputSource } from "../output-sender.js";
import type { StreamId } from "../../protocol/ids.js";
import type { CheckedParamsOf, ReplyOf, RequestName } from "../../protocol/requests.js";

/** What a request may touch of the connection it came over. */
export interface ClientContext {
  readonly name: string;
  readonly streams: Map<StreamId, OutputSender>;
  openStream(stream: StreamId, source: OutputSource, credit: number): OutputSender;
}

export type Handler<Name extends RequestName> = (
  params: CheckedParamsOf<Name>,
  client: ClientContext,
) => Promise<ReplyOf<Name>> | ReplyOf<Name>;

/** Handlers of the named requests: each file of this folder makes some, `index.ts` joins them. */
export type Handlers<Names extends RequestName> = { [Name in Names]: Handler<Name> };
