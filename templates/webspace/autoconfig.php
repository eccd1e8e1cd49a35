<?php
/*
 * {{ mark }}
 *
 * Answers mail clients on web space with PHP 7.4 or newer, as `autoconfig serve` does on a server.
 *
 * `.htaccess` sends every request here that is more than a file. What is answered stands in
 * `autoconfig-data.php`: both are written by `autoconfig export --for apache`; change the
 * configuration and export again rather than editing them. Needs PHP's DOM extension; with
 * `intl`, unusual spellings of international domains are understood too.
 *
 * Read from the top: `main` finds the URL in the table, an `answer_` function answers it, a
 * `Refusal` ends it, `send` writes it. No mailbox is looked up and no address is logged here.
 */
declare(strict_types=1);

/** Bytes of a body. Real requests have some 400. */
const MAX_BODY = 8192;
/** Octets of an address. RFC 5321 section 4.5.3.1.3. */
const LONGEST_ADDRESS = 254;

const NO_STORE = 'no-store';
/** Pages have their style in them and nothing else. */
const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** [MS-OXDSCLI] 2.2.3, [MS-ASCMD] 2.2.3: what may be asked, and the format that answers. */
const SCHEMAS = 'http://schemas.microsoft.com/exchange/autodiscover/';
const REQUEST_NAMESPACES = [
    SCHEMAS . 'outlook/requestschema/2006',
    SCHEMAS . 'mobilesync/requestschema/2006',
];
const FORMAT_OF_SCHEMA = [
    SCHEMAS . 'outlook/responseschema/2006a' => 'autodiscover',
    SCHEMAS . 'outlook/responseschema/2006' => 'autodiscover',
    SCHEMAS . 'mobilesync/responseschema/2006' => 'mobilesync',
];

/** Everything that Unicode counts as white space, as a class of a regular expression. */
const WHITE = '[\x09-\x0d\x1c-\x20\x85\xa0\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]';
/** A host name of two labels or more, the last one not a number. */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST_NAME = '/\A(?=.{1,253}\z)(?:' . LABEL . '\.)+(?!\d+\z)' . LABEL . '\z/';

/** A request that gets no settings. The message is the error's name in the data. */
final class Refusal extends Exception
{
    /** @var string what the client reads in place of the error's own sentence, if not empty */
    public $text;
    /** @var string the methods of a 405 */
    public $allow;

    public function __construct(string $name, string $text = '', string $allow = '')
    {
        parent::__construct($name);
        $this->text = $text;
        $this->allow = $allow;
    }
}

ini_set('display_errors', '0');
ini_set('zlib.output_compression', '0'); // Content-Length is ours
ini_set('default_mimetype', ''); // an answer without a body has no type
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    throw new ErrorException('', 0, $level, $file, $line); // the message may hold an address
}, E_ALL & ~E_DEPRECATED);
define('DATA', require __DIR__ . '/autoconfig-data.php');
send(main());

/* ------------------------------------------------------------------ from a request to an answer */

/** An answer: status, body, media type (empty where there is no body), cache, headers, etag. */
function answer(string $body, string $type, array $more = []): array
{
    return $more + [
        'status' => 200, 'body' => $body, 'type' => $type, 'cache' => NO_STORE, 'headers' => [], 'etag' => '',
    ];
}

/** The answer to this request, which may be an error in the form that the client reads. */
function main(): array
{
    $path = '/' . ltrim(canonical_path(request_path()), '/');
    $endpoint = null;
    try {
        [$endpoint, $asked] = find_endpoint($path);
        $allow = implode(', ', $endpoint['allow']);
        if (!in_array($_SERVER['REQUEST_METHOD'], $endpoint['allow'], true)) {
            throw new Refusal('MethodNotAllowed', '', $allow);
        }
        if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS') {
            $answer = answer('', '', ['status' => 204, 'headers' => ['Allow' => $allow]]);
        } else {
            $answer = ('answer_' . strtolower($endpoint['kind']))($endpoint, $asked); // a kind is in our table
        }
    } catch (Refusal $refusal) {
        $answer = refuse($refusal, $endpoint, $path);
    } catch (Throwable $bug) { // our own fault: the log gets its place, the message may hold an address
        error_log(get_class($bug) . ' at ' . basename($bug->getFile()) . ':' . $bug->getLine());
        $answer = refuse(new Refusal('InternalError'), $endpoint, $path);
    }
    if ($endpoint !== null && $endpoint['any_origin']) {
        $answer['headers']['Access-Control-Allow-Origin'] = '*';
    }
    return $answer;
}

/** The row of the table for a path, and the address in the path where the URL has one. */
function find_endpoint(string $path): array
{
    foreach (DATA['endpoints'] as $endpoint) {
        $folder = strstr($endpoint['path'], '<address>', true);
        if ($path === $endpoint['path'] && $folder === false) {
            return [$endpoint, ''];
        }
        if ($folder !== false && strncmp($path, $folder, strlen($folder)) === 0) {
            $address = utf8(substr($path, strlen($folder)));
            if (preg_match('#\A[^/\n].*\z#', $address)) {
                return [$endpoint, $address];
            }
        }
    }
    throw new Refusal('NotFound');
}

/** A document for the domain of the address, else of the host; the same for every mailbox. */
function answer_document(array $endpoint, string $in_path): array
{
    [$local, $domain] = asked_address($endpoint, $in_path) ?? [null, host_domain()];
    return fill($endpoint['format'], $local, $domain, site($local, $domain));
}

/**
 * Autodiscover in plain old XML: settings, or a redirect for a service that has its own.
 *
 * GET is for Delta Chat and for Microsoft's plain-http step.
 */
function answer_pox(array $endpoint, string $in_path): array
{
    if ($_SERVER['REQUEST_METHOD'] === 'POST') {
        [$address, $schema] = parse_request(read_body());
        [$local, $domain] = parse_address($address);
        $format = FORMAT_OF_SCHEMA[$schema] ?? null;
    } else {
        [$local, $domain] = [null, host_domain()];
        $format = DATA['formats']['autodiscover']['for_domain'];
    }
    $site = site($local, $domain);
    if ($site['autodiscover'] !== null) {
        return redirect($site['autodiscover']['xml']);
    }
    if ($format === null) {
        throw new Refusal('SchemaNotServed');
    }
    if (is_plain_http()) {
        return redirect(own_url(DATA['pox_path'], $domain));
    }
    return fill($format, $local, $domain, $site);
}

/** SOAP Autodiscover: to the Exchange server, or nothing. The body is not read. */
function answer_soap(array $endpoint, string $in_path): array
{
    $site = site(null, host_domain());
    if ($site['autodiscover'] === null) {
        throw new Refusal('NotOffered');
    }
    return redirect($site['autodiscover']['svc']);
}

/** Autodiscover v2: the address of one protocol's endpoint. */
function answer_json(array $endpoint, string $in_path): array
{
    $address = asked_address($endpoint, $in_path);
    if ($address === null) {
        throw new Refusal('MalformedAddress');
    }
    [$local, $domain] = $address;
    $site = site($local, $domain);
    $own = $site['autodiscover'];
    $wanted = query('protocol');
    if (is_plain_http()) {
        $url = $own !== null ? $own['json'] : own_url(DATA['json_path'], $domain);
        return redirect($url . '?Email=' . form("$local@$domain") . '&Protocol=' . form($wanted));
    }
    $urls = array_filter([
        'ActiveSync' => $site['activesync'],
        'AutodiscoverV1' => $own !== null ? $own['xml'] : own_url(DATA['pox_path'], $domain),
        'Ews' => $site['ews'],
    ]);
    foreach ($urls as $protocol => $url) {
        if (strtolower($wanted) === strtolower($protocol)) {
            $body = json(['Protocol' => $protocol, 'Url' => $url]);
            return answer($body, DATA['types']['JSON'], ['cache' => 'max-age=3600']);
        }
    }
    $echo = substr(preg_replace('/[^A-Za-z0-9]/', '', $wanted), 0, 32);
    $offered = implode(', ', array_keys($urls));
    throw new Refusal('ProtocolNotServed', "The protocol '$echo' is not offered. Supported: $offered.");
}

function answer_health(array $endpoint, string $in_path): array
{
    return answer("ok\n", DATA['types']['TEXT']);
}

function answer_ready(array $endpoint, string $in_path): array
{
    return answer_health($endpoint, $in_path);
}

/** Nobody counts here. */
function answer_metrics(array $endpoint, string $in_path): array
{
    throw new Refusal('NotFound');
}

/** Which names may have a certificate is for a web server in front to ask; here is none. */
function answer_ask(array $endpoint, string $in_path): array
{
    throw new Refusal('NotFound');
}

/** To an absolute URL: Delta Chat cannot read a relative one. */
function redirect(string $url): array
{
    return answer("$url\n", DATA['types']['TEXT'], ['status' => 302, 'headers' => ['Location' => $url]]);
}

/** The error in the form that the client reads. */
function refuse(Refusal $refusal, ?array $endpoint, string $path): array
{
    $error = DATA['errors'][$refusal->getMessage()];
    $text = $refusal->text !== '' ? $refusal->text : $error['text'];
    $style = $endpoint !== null ? $endpoint['errors'] : errors_under($path);
    if ($style === 'XML') {
        $time = new DateTime('now', new DateTimeZone('UTC'));
        $body = strtr(DATA['error_xml'], [
            '%TIME%' => $time->format('H:i:s.u'),
            '%CODE%' => (string) $error['pox'],
            '%MESSAGE%' => escape($text),
        ]);
    } elseif ($style === 'JSON') {
        $body = json(['ErrorCode' => $error['json'], 'ErrorMessage' => $text]);
    } elseif ($style === 'HTML') {
        $body = DATA['error_html'][$error['status']];
    } else {
        $body = "$text\n";
    }
    $unknown = $endpoint !== null && $refusal->getMessage() === 'NotServed';
    return answer($body, DATA['types'][$style], [
        'status' => $error['status'],
        'cache' => $unknown ? $endpoint['not_found_cache'] : NO_STORE,
        'headers' => $refusal->allow !== '' ? ['Allow' => $refusal->allow] : [],
    ]);
}

/** The form of an error at a path that is not in the table, by what it resembles. */
function errors_under(string $path): string
{
    foreach (DATA['errors_under'] as $beginning => $style) {
        if (strncmp($path, $beginning, strlen($beginning)) === 0) {
            return $style;
        }
    }
    return 'HTML';
}

/** What the service answers in a format, with the names put in. `$local` is null for a domain. */
function fill(string $name, ?string $local, string $domain, array $site): array
{
    if (!isset($site['documents'][$name])) {
        throw new Refusal('NotOffered');
    }
    $format = DATA['formats'][$name];
    if ($local === null && $format['needs_address']) {
        throw new Refusal('MalformedAddress');
    }
    $values = [
        '%EMAILDOMAIN%' => $domain,
        '%UNICODEDOMAIN%' => DATA['unicode'][$domain] ?? $domain,
        '%EMAILADDRESS%' => "$local@$domain",
        '%EMAILLOCALPART%' => (string) $local,
    ];
    // One pass, over the placeholders of this format alone: a name that looks like one stays as it is.
    $values = array_map('escape', array_intersect_key($values, array_flip($format['fills'])));
    $document = $site['documents'][$name];
    return answer(strtr($document['text'], $values), $format['type'], [
        'cache' => $format['cache'],
        'etag' => $format['cache'] === NO_STORE ? '' : '"' . $document['digest'] . "-$domain\"",
    ]);
}

/** The service of an address, else of its domain. */
function site(?string $local, string $domain): array
{
    $number = DATA['domains'][$domain] ?? null;
    if ($local !== null) {
        $number = DATA['mailboxes'][lower($local) . "@$domain"] ?? $number;
    }
    if ($number === null) {
        throw new Refusal('NotServed');
    }
    return DATA['services'][$number];
}

/* --------------------------------------------------------------------------- what a client asked */

/** The path of the URL, decoded. */
function request_path(): string
{
    $uri = preg_replace('#\A[a-z][a-z0-9+.-]*://[^/?]*#i', '', $_SERVER['REQUEST_URI']);
    return rawurldecode(explode('?', $uri, 2)[0]);
}

/** The path as the table writes it, in any case below `/autodiscover/`; an address keeps its own. */
function canonical_path(string $path): string
{
    $lowered = strtolower($path);
    if (strncmp($lowered, DATA['any_case'], strlen(DATA['any_case'])) !== 0) {
        return $path;
    }
    foreach (DATA['endpoints'] as $endpoint) {
        $folder = strstr($endpoint['path'], '<address>', true);
        if ($folder !== false && strncmp($lowered, $folder, strlen($folder)) === 0) {
            return $folder . substr($path, strlen($folder));
        }
    }
    return $lowered;
}

/** The first value of a query parameter, whose name is compared without case. */
function query(string $wanted): string
{
    foreach (explode('&', $_SERVER['QUERY_STRING'] ?? '') as $pair) {
        [$name, $value] = explode('=', $pair, 2) + ['', ''];
        if (strtolower(urldecode($name)) === $wanted) {
            return utf8(urldecode($value));
        }
    }
    return '';
}

/**
 * The address in the path or in the query, as local part and domain; null where it is absent.
 *
 * Nextcloud, FairEmail and Pimalaya send `+` as it is, which a form decoder reads as a space.
 */
function asked_address(array $endpoint, string $in_path): ?array
{
    $text = $in_path;
    if ($text === '' && $endpoint['parameter'] !== null) {
        $text = query($endpoint['parameter']);
    }
    $text = strip($text);
    return in_array($text, ['', '%EMAILADDRESS%'], true) ? null : parse_address(str_replace(' ', '+', $text));
}

/** The domain that the host name was made from. */
function host_domain(): string
{
    $name = host_name();
    foreach ($name === null ? [] : DATA['host_prefixes'] as $prefix) {
        if (strncmp($name, $prefix, strlen($prefix)) === 0) {
            $name = parse_domain(substr($name, strlen($prefix)));
            break;
        }
    }
    if ($name === null) {
        throw new Refusal('NotServed');
    }
    return $name;
}

/** The `Host` header without port. `X-Forwarded-Host` does not count: anybody may write it. */
function host_name(): ?string
{
    return parse_domain(utf8(preg_replace('/:\d*\z/', '', $_SERVER['HTTP_HOST'] ?? '')));
}

/**
 * Whether the client came without TLS.
 *
 * On web space TLS usually ends at a machine in front, which says so in `X-Forwarded-Proto`; its
 * word, the last one, counts first. Without it Apache has been asked directly, and knows. Who writes
 * the header himself only sends himself on to https.
 */
function is_plain_http(): bool
{
    $forwarded = explode(',', $_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '');
    $scheme = strtolower(trim(end($forwarded)));
    if ($scheme !== '') {
        return $scheme === 'http';
    }
    $tls = strtolower($_SERVER['HTTPS'] ?? '');
    return in_array($tls, ['', 'off', '0'], true) && (string) ($_SERVER['SERVER_PORT'] ?? '') !== '443';
}

/** An https URL of ours: the operator's base, else under the name that was asked. */
function own_url(string $path, string $domain): string
{
    return (DATA['base_url'] ?? 'https://' . (host_name() ?? "autodiscover.$domain")) . $path;
}

/** The body, never more than the limit and one byte, which tells one that is too long. */
function read_body(): string
{
    if ((int) ($_SERVER['CONTENT_LENGTH'] ?? 0) > MAX_BODY) {
        throw new Refusal('BodyTooLarge');
    }
    $body = (string) file_get_contents('php://input', false, null, 0, MAX_BODY + 1);
    if (strlen($body) > MAX_BODY) {
        throw new Refusal('BodyTooLarge');
    }
    return $body;
}

/**
 * The address and the schema, in lower case, that an Autodiscover request names.
 *
 * A document type is refused before the parser sees it, in any encoding that keeps ASCII bytes, and
 * after, in any other; entities, DTD and network are off in the parser all the same.
 */
function parse_request(string $body): array
{
    $body = preg_replace('/\A\s*(?:\xef\xbb\xbf\s+)?/', '', $body);
    $plain = str_replace("\0", '', $body);
    $wide = preg_match('/\A(?:\xff\xfe|\xfe\xff|[^\0]{0,3}\0)/', $body) === 1; // UTF-16: NUL is no text elsewhere
    if ($plain === '' || (!$wide && $plain !== $body) || stripos($plain, '<!DOCTYPE') !== false) {
        throw new Refusal('MalformedRequest');
    }
    libxml_use_internal_errors(true);
    libxml_set_external_entity_loader(static function () {
        return null;
    });
    $document = new DOMDocument();
    $good = $document->loadXML($body, LIBXML_NONET);
    foreach (libxml_get_errors() as $error) {
        $good = $good && $error->level <= LIBXML_ERR_WARNING;
    }
    libxml_clear_errors();
    $root = $document->documentElement;
    if (!$good || $root === null || $document->doctype !== null) {
        throw new Refusal('MalformedRequest');
    }
    $requests = children($root, 'Request');
    $ours = $root->localName === 'Autodiscover' && in_array($root->namespaceURI, REQUEST_NAMESPACES, true);
    if (!$ours || count($requests) !== 1) {
        throw new Refusal('MalformedRequest');
    }
    $address = text_of($requests[0], 'EMailAddress');
    if ($address === '') {
        throw new Refusal('MalformedAddress');
    }
    $schema = text_of($requests[0], 'AcceptableResponseSchema');
    if ($schema === '') {
        throw new Refusal('MalformedRequest');
    }
    return [$address, lower($schema)];
}

/** The elements right below, of the same namespace. */
function children(DOMElement $parent, string $name): array
{
    $found = [];
    foreach ($parent->childNodes as $child) {
        $same = $child instanceof DOMElement && $child->namespaceURI === $parent->namespaceURI;
        if ($same && $child->localName === $name) {
            $found[] = $child;
        }
    }
    return $found;
}

/** The text of the first such element, comments and instructions left out. */
function text_of(DOMElement $request, string $name): string
{
    $elements = children($request, $name);
    return $elements === [] ? '' : strip($elements[0]->textContent);
}

/* --------------------------------------------------------------------------- names and characters */

/** An address as local part and domain: one `@`, nothing invisible, at most 254 octets. */
function parse_address(string $text): array
{
    $address = strip($text);
    $at = strpos($address, '@');
    $local = substr($address, 0, (int) $at);
    // In the local part: no control, format, private, unassigned or separating character.
    if ($local !== '' && preg_match('/[\p{C}\p{Z}]/u', $local) === 0 && preg_match('/' . WHITE . '/u', $address) === 0) {
        $domain = parse_domain(substr($address, $at + 1));
        if ($domain !== null && strlen("$local@$domain") <= LONGEST_ADDRESS) {
            return [$local, $domain];
        }
    }
    throw new Refusal('MalformedAddress');
}

/** A domain in ASCII lower case, without final dot; null where it is none. */
function parse_domain(string $text): ?string
{
    $name = strip($text);
    if (preg_match('/[^\x00-\x7f]/', $name)) {
        $name = ascii_domain($name);
    }
    $name = strtolower($name);
    $name = substr($name, -1) === '.' ? substr($name, 0, -1) : $name;
    return preg_match(HOST_NAME, $name) === 1 ? $name : null;
}

/**
 * The ASCII form of an international domain; empty where it is none.
 *
 * The domains that are served are known in both forms; all else needs the `intl` extension. Without
 * it, a domain that is not served is only told from a text that can be none.
 */
function ascii_domain(string $name): string
{
    if (strlen($name) > 4 * LONGEST_ADDRESS) {
        return '';
    }
    $name = str_replace(["\u{3002}", "\u{ff0e}", "\u{ff61}"], '.', $name);
    if (function_exists('idn_to_ascii')) {
        $rules = IDNA_NONTRANSITIONAL_TO_ASCII | IDNA_CHECK_BIDI | IDNA_CHECK_CONTEXTJ;
        return (string) idn_to_ascii($name, $rules, INTL_IDNA_VARIANT_UTS46);
    }
    foreach (DATA['unicode'] as $ascii => $known) {
        if (preg_match('/\A' . preg_quote($known, '/') . '\.?\z/iu', $name)) {
            return $ascii;
        }
    }
    $possible = preg_match('/\A[\p{L}\p{M}\p{Nd}.-]+\z/u', $name) && preg_match('/[^\x00-\x7f]/', $name);
    return $possible ? 'unknown.invalid' : $name;
}

/** In lower case; beyond ASCII where the `mbstring` extension is there. */
function lower(string $text): string
{
    return function_exists('mb_strtolower') ? mb_strtolower($text, 'UTF-8') : strtolower($text);
}

/** Without white space around it. */
function strip(string $text): string
{
    return preg_replace('/\A' . WHITE . '+|' . WHITE . '+\z/u', '', $text);
}

/** UTF-8, with a mark in place of every byte that is none. */
function utf8(string $bytes): string
{
    $marked = htmlspecialchars($bytes, ENT_NOQUOTES | ENT_SUBSTITUTE, 'UTF-8');
    return htmlspecialchars_decode($marked, ENT_NOQUOTES);
}

/** Escaped for XML and HTML, byte for byte as the server does. */
function escape(string $text): string
{
    return strtr($text, ['&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&#34;', "'" => '&#39;']);
}

/** Escaped as a value of a query. */
function form(string $text): string
{
    return str_replace('%20', '+', rawurlencode($text));
}

function json(array $values): string
{
    return json_encode($values, JSON_UNESCAPED_SLASHES);
}

/* ----------------------------------------------------------------------------- writing the answer */

function send(array $answer): void
{
    restore_error_handler(); // what is wrong now is PHP's to log
    header_remove('X-Powered-By');
    header('Cache-Control: ' . $answer['cache']);
    header('X-Content-Type-Options: nosniff');
    if ($answer['type'] === DATA['types']['HTML']) {
        header('Content-Security-Policy: ' . CONTENT_POLICY);
    }
    if ($answer['etag'] !== '') {
        header('ETag: ' . $answer['etag']);
        if (is_unchanged($answer['etag'])) {
            $answer = ['status' => 304, 'body' => '', 'type' => ''] + $answer;
        }
    }
    foreach ($answer['headers'] as $name => $value) {
        header("$name: $value");
    }
    if ($answer['type'] !== '') {
        header('Content-Type: ' . $answer['type']);
        header('Content-Length: ' . strlen($answer['body']));
    }
    http_response_code($answer['status']);
    echo $answer['body'];
}

/** Whether the client has these bytes already: RFC 9110 section 13.1.2. */
function is_unchanged(string $etag): bool
{
    $known = array_map(static function (string $tag): string {
        return preg_replace('#\AW/#i', '', trim($tag));
    }, explode(',', $_SERVER['HTTP_IF_NONE_MATCH'] ?? ''));
    return in_array($etag, $known, true) || $known === ['*'];
}
