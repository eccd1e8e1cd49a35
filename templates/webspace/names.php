<?php
declare(strict_types=1);

/* --------------------------------------------------------------------------- names and characters */

/** An address as local part and domain: one `@`, nothing invisible, not too long. */
function parse_address(string $text): array
{
    $address = strip($text);
    [$local, $rest] = explode('@', $address, 2) + ['', ''];
    // In the local part: no control, format, private, unassigned or separating character.
    $visible = preg_match('/[\p{C}\p{Z}]/u', $local) === 0
        && preg_match('/' . DATA['white_space'] . '/u', $address) === 0;
    $domain = $visible && $local !== '' ? parse_domain($rest) : null;
    if ($domain === null || strlen("$local@$domain") > DATA['longest_address']) {
        throw new Refusal('MalformedAddress');
    }
    return [$local, $domain];
}

/** A domain in ASCII lower case, without final dot; null where it is none. */
function parse_domain(string $text): ?string
{
    $name = strip($text);
    if (preg_match('/[^\x00-\x7f]/', $name)) {
        $name = ascii_domain($name);
    }
    $name = preg_replace('/\.\z/', '', strtolower($name));
    return preg_match(DATA['host_name'], $name) === 1 ? $name : null;
}

/**
 * The ASCII form of an international domain; empty where it is none.
 *
 * The domains that are served are known in both forms; all else needs the `intl` extension. Without
 * it, a domain that is not served is only told from a text that can be none.
 */
function ascii_domain(string $name): string
{
    if (strlen($name) > 4 * DATA['longest_address']) {
        return '';
    }
    $name = str_replace(["\u{3002}", "\u{ff0e}", "\u{ff61}"], '.', $name);
    if (function_exists('idn_to_ascii')) {
        $rules = IDNA_NONTRANSITIONAL_TO_ASCII | IDNA_CHECK_BIDI | IDNA_CHECK_CONTEXTJ;
        return (string) idn_to_ascii($name, $rules, INTL_IDNA_VARIANT_UTS46);
    }
    $pattern = preg_quote(preg_replace('/\.\z/', '', $name), '/');
    $known = preg_grep("/\\A$pattern\\z/iu", DATA['unicode']);
    $possible = preg_match('/\A[\p{L}\p{M}\p{Nd}.-]+\z/u', $name) && preg_match('/[^\x00-\x7f]/', $name);
    return $known ? key($known) : ($possible ? 'unknown.invalid' : $name);
}

/** In lower case; beyond ASCII where the `mbstring` extension is there. */
function lower(string $text): string
{
    return function_exists('mb_strtolower') ? mb_strtolower($text, 'UTF-8') : strtolower($text);
}

/** The UUID of a part of an Apple profile, which is the same for a mailbox at any time: RFC 9562 section 5.5. */
function uuid(string $part, string $address): string
{
    $hash = substr(sha1(hex2bin(str_replace('-', '', DATA['uuid_namespace'])) . "$part:" . lower($address)), 0, 32);
    $hash[12] = '5';
    $hash[16] = dechex(hexdec($hash[16]) & 3 | 8);
    return strtoupper(preg_replace('/\A(.{8})(.{4})(.{4})(.{4})/', '$1-$2-$3-$4-', $hash));
}

/** Without white space around it. */
function strip(string $text): string
{
    $white = DATA['white_space'];
    return preg_replace("/\\A$white+|$white+\\z/u", '', $text);
}

/** UTF-8, with a mark in place of what is none: of as many bytes as can begin a character, as Python has it. */
function utf8(string $bytes): string
{
    $rest = '[\x80-\xbf]';
    $of_three = "(?:\\xe0[\\xa0-\\xbf]|[\\xe1-\\xec\\xee\\xef]$rest|\\xed[\\x80-\\x9f])";
    $of_four = "(?:\\xf0[\\x90-\\xbf]|[\\xf1-\\xf3]$rest|\\xf4[\\x80-\\x8f])";
    $whole = "(?:[\\x00-\\x7f]|[\\xc2-\\xdf]$rest|$of_three$rest|$of_four$rest{2})";
    return preg_replace("/$whole(*SKIP)(*FAIL)|$of_three|$of_four$rest?|./s", "\u{fffd}", $bytes);
}

function begins(string $text, string $beginning): bool
{
    return strncmp($text, $beginning, strlen($beginning)) === 0;
}

/** A value put into a kind of text, byte for byte as the server does. */
function escape(string $value, string $kind): string
{
    if ($kind === 'TEXT') {
        return $value;
    }
    if ($kind === 'JSON') { // between the quotes of a string
        $flags = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_LINE_TERMINATORS;
        return substr(json_encode($value, $flags), 1, -1);
    }
    return strtr($value, ['&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&#34;', "'" => '&#39;']);
}
