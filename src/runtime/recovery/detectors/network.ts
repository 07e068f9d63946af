import { group, type Detector, type Seen } from "../detector.js";
import { offer } from "../offers.js";
import { isGivenUp } from "../survived.js";
import { capital, hostOf } from "../words.js";

/** Pip asks about its own newest version after the failure; what comes of that is nobody's concern. */
const OWN_CHECK = /\/pip\/: There was a problem|url: \/simple\/pip\/|': \/simple\/pip\/$/;

/** Programs that print an error's causes name the address in the last of them. */
const LOCAL_LATER =
  /host='(?:localhost|127\.0\.0\.1)'|Connect call failed \('127\.0\.0\.1'|Cannot connect to host (?:localhost|127\.0\.0\.1)/;

const LOOPBACK = /\b(?:127\.0\.0\.1|localhost)\b|\[::1\]/;

/** The host that was asked, as far as the line or those around it tell. */
const host = (seen: Seen): string => knownHost(seen) ?? "the server";

const knownHost = (seen: Seen): string | undefined => hostIn(seen.text) ?? nearestHost(seen);

const HOST =
  /(?:Could not resolve host: |resolve host address .|ENOTFOUND |EAI_AGAIN |Failed to connect to |Couldn't connect to |host='|certificate of [‘'"]|connect ECONNREFUSED )([\w.-]{1,120})/;
const ADDRESS = /\b(?:https?|git|ssh):\/\/[^\s'"`<>)]{3,300}/;

const hostIn = (text: string): string | undefined => HOST.exec(text)?.[1] ?? addressIn(text);

function addressIn(text: string): string | undefined {
  const url = ADDRESS.exec(text)?.[0];
  return url === undefined ? undefined : hostOf(url);
}

function nearestHost(seen: Seen): string | undefined {
  const found = seen.before(ADDRESS)?.[0];
  return found === undefined ? undefined : hostOf(found);
}

const isLocal = (seen: Seen): boolean =>
  LOOPBACK.test(seen.text) ||
  LOOPBACK.test(seen.before(ADDRESS, 6)?.[0] ?? "") ||
  (hostIn(seen.text) === undefined && seen.after(LOCAL_LATER, 80) !== null);

const REFUSED = [
  /Connection refused/,
  /connect ECONNREFUSED|npm (?:error|ERR!) code ECONNREFUSED/,
  /Connect call failed \('/,
  /Failed to connect to \S{1,120} port \d{1,5}.{0,40}: Couldn't connect to server/,
];

export const network: readonly Detector[] = [
  {
    code: "name-not-resolved",
    layer: "network",
    happened: "The name of a server could not be looked up",
    advice: "Check that this machine reaches the network and that the name is written right, then try again",
    patterns: [
      /Could not resolve host: \S/,
      /Could not resolve hostname \S/,
      /unable to resolve host address/,
      /getaddrinfo (?:ENOTFOUND|EAI_AGAIN)/,
      /Name or service not known/,
      /Temporary failure in name resolution/,
      /nodename nor servname provided/,
      /Temporary failure resolving '/,
      /dns error: /,
    ],
    unless: OWN_CHECK,
    confirm: isGivenUp,
    say: (seen) => ({
      sentence: `The name ${knownHost(seen) ?? "of a server"} could not be looked up`,
      repairs: [offer.retry(5_000)],
    }),
  },
  {
    code: "proxy-unreachable",
    layer: "network",
    happened: "The proxy that programs are told to use does not let them through",
    advice: "Check HTTP_PROXY and HTTPS_PROXY: correct them, or remove them where no proxy is needed",
    patterns: [
      /Cannot connect to proxy/,
      /ProxyError\(/,
      /Proxy Authentication Required/,
      /Received HTTP code (\d{3}) from proxy after CONNECT/,
      /CONNECT tunnel failed, response (\d{3})/,
      /Could not resolve proxy: (\S{1,120})/,
    ],
    unless: OWN_CHECK,
    confirm: isGivenUp,
    say: (seen) => {
      const answer = group(seen);
      return {
        sentence: /^\d{3}$/.test(answer)
          ? `The proxy refused to connect: it answered ${answer}`
          : "The proxy could not be reached",
      };
    },
  },
  {
    code: "certificate-refused",
    layer: "network",
    happened: "A server's certificate was not accepted",
    advice:
      "Check the machine's date; where a company's proxy opens connections, install its certificate and set SSL_CERT_FILE",
    patterns: [
      /CERTIFICATE_VERIFY_FAILED/,
      /SSL certificate problem: /,
      /Error: self[- ]signed certificate/,
      /server certificate verification failed/,
      /invalid peer certificate/,
      /DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|CERT_HAS_EXPIRED/,
      /The certificate of .{1,120} (?:is not trusted|has expired)/,
    ],
    unless: OWN_CHECK,
    confirm: isGivenUp,
    say: (seen) => {
      const why =
        /certificate verify failed: ([^(]{3,80}?) \(_ssl/.exec(seen.text)?.[1] ??
        /problem: (.{3,80})$/.exec(seen.text)?.[1];
      return { sentence: `The certificate of ${host(seen)} was not accepted${why === undefined ? "" : `: ${why}`}` };
    },
  },
  {
    code: "connection-refused",
    layer: "network",
    happened: "A server did not take the connection",
    advice: "Check the address and the network, then try again",
    patterns: REFUSED,
    unless: OWN_CHECK,
    confirm: (seen) => !isLocal(seen) && isGivenUp(seen),
    say: (seen) => ({ sentence: `${capital(host(seen))} refused the connection`, repairs: [offer.retry(10_000)] }),
  },
  {
    code: "local-service-away",
    layer: "program",
    happened: "A program of this machine that the app needs does not answer",
    advice: "Start the program that should answer there, such as Ollama, then start this again",
    patterns: REFUSED,
    unless: OWN_CHECK,
    confirm: isLocal,
    say: (seen) => {
      const where =
        /(?:127\.0\.0\.1|localhost|\[::1\])(?::| port |', port=)(\d{1,5})/.exec(seen.text)?.[1] ??
        seen.after(/host='(?:localhost|127\.0\.0\.1)', port=(\d{1,5})/, 80)?.[1] ??
        /:(\d{1,5})/.exec(seen.before(ADDRESS, 6)?.[0]?.replace(/^\w+:\/\//, "") ?? "")?.[1];
      return {
        sentence: `Nothing answers on this machine${where === undefined ? "" : ` at port ${where}`}`,
        repairs: [offer.retry()],
      };
    },
  },
  {
    code: "connection-timeout",
    layer: "network",
    happened: "A server did not answer in time",
    advice: "Try again; what has arrived is kept where the program can go on from it",
    patterns: [
      /Read timed out/,
      /ReadTimeoutError|ConnectTimeoutError|ConnectTimeout\b|ReadTimeout\b/,
      /Connection timed out/,
      /\bETIMEDOUT\b|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT/,
      /^curl: \(28\) /,
      /cause: operation timed out|error sending request.{0,200}operation timed out/,
      /<urlopen error timed out>|^TimeoutError: (?:timed out|The read operation timed out)/,
    ],
    unless: OWN_CHECK,
    confirm: isGivenUp,
    say: (seen) => ({ sentence: `${capital(host(seen))} did not answer in time`, repairs: [offer.retry(10_000)] }),
  },
  {
    code: "connection-lost",
    layer: "network",
    happened: "A connection broke off before everything had arrived",
    advice: "Try again; what has arrived is kept where the program can go on from it",
    patterns: [
      /Connection reset by peer/,
      /\bECONNRESET\b|UND_ERR_SOCKET/,
      /Connection aborted\.'/,
      /RemoteDisconnected/,
      /IncompleteRead\(/,
      /transfer closed with \d{1,15} bytes remaining/,
      /early EOF|unexpected disconnect while reading sideband packet/,
      /RPC failed; (?:curl|HTTP) \d/,
      /GnuTLS recv error|SSL_ERROR_SYSCALL|unexpected eof while reading/,
      /connection ended after \d{1,15} of \d{1,15} bytes/,
    ],
    unless: OWN_CHECK,
    confirm: isGivenUp,
    say: (seen) => ({
      sentence: `The connection to ${host(seen)} broke off`,
      repairs: [offer.retry(5_000), offer.clearPartial()],
    }),
  },
];
