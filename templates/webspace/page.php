<?php
declare(strict_types=1);

/* ------------------------------------------------------------------------- the page for people */

/** The page of the address, else of the host's domain, else one with a field. */
function answer_page(array $endpoint, string $in_path): array
{
    $language = language();
    $page = DATA['pages'][$language];
    try {
        $address = asked_address($endpoint, $in_path);
        if ($address !== null) {
            return fill($page['address'], $address[0], $address[1], service(...$address));
        }
    } catch (Refusal $refusal) {
        return field($language, DATA['errors'][$refusal->getMessage()]['status']);
    }
    $domain = domain_of_host(host_name() ?? '');
    if (isset(DATA['domains'][$domain ?? ''])) {
        return fill($page['domain'], null, $domain, service(null, $domain));
    }
    if ($domain !== null || is_own_host()) {
        return field($language, 200);
    }
    throw new Refusal('NotServed');
}

/** The page with a field for an address. `$status`: 200, or that of the error that one has met. */
function field(string $language, int $status): array
{
    $headers = DATA['pages'][$language]['headers'];
    return answer(for_people()['fields'][$language][$status], DATA['form'], ['status' => $status, 'headers' => $headers]);
}

/** The texts that people ask for. They are long, so no other request has them read. */
function for_people(): array
{
    return require __DIR__ . '/autoconfig-people.php';
}

/** Whether the host is that of the operator's base, or an address of the machine. */
function is_own_host(): bool
{
    $name = host_name();
    return preg_match(DATA['machine_host'], host_alone()) === 1 || ($name !== null && $name === base_host());
}

/** The language that is asked for, if we have it, else the best of the reader's. */
function language(): string
{
    $asked = strtolower(query('lang'));
    return isset(DATA['pages'][$asked]) ? $asked : best_language($_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? '');
}

/** The language that the header likes best: RFC 9110 section 12.5.4. The first is for everybody else. */
function best_language(string $header): string
{
    $liked = [];
    foreach (array_slice(explode(',', $header, DATA['most_ranges'] + 1), 0, DATA['most_ranges']) as $text) {
        if (preg_match(DATA['language_range'], $text, $found)) {
            $tag = strtolower($found['tag']);
            $liked[$tag] = max((float) ($found['quality'] ?? 1), $liked[$tag] ?? 0);
        }
    }
    $languages = array_keys(DATA['pages']);
    [$best, $most] = [$languages[0], 0];
    foreach (array_merge(array_intersect(array_keys($liked), $languages), $languages) as $language) {
        $quality = $liked[$language] ?? $liked['*'] ?? 0;
        [$best, $most] = $quality > $most ? [$language, $quality] : [$best, $most];
    }
    return $best;
}
