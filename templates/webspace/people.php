<?php
declare(strict_types=1);

/* -------------------------------------------------------- what people ask for: page and profile */

/** The page of the address, else of the host's domain, else one with a field. */
function answer_page(array $endpoint, string $in_path): array
{
    $language = language();
    $page = DATA['pages'][$language];
    try {
        $address = asked_address($endpoint, $in_path);
        if ($address !== null) {
            return settings($page['address'], ...$address);
        }
    } catch (Refusal $refusal) {
        $status = DATA['errors'][$refusal->getMessage()]['status'];
        return field($language, $status, query($endpoint['parameter']));
    }
    $domain = domain_of_host(host_name() ?? '');
    if (isset(DATA['domains'][$domain ?? ''])) {
        return settings($page['domain'], null, $domain);
    }
    if ($domain !== null || is_own_host()) {
        return field($language, 200);
    }
    throw new Refusal('NotServed');
}

/** The settings, those for the reader's device first. */
function settings(string $name, ?string $local, string $domain): array
{
    return fill($name, $local, $domain, service($local, $domain), device());
}

/** The device that the browser names; null if it names none. */
function device(): ?string
{
    foreach (DATA['devices'] as $device => $row) {
        if (preg_match($row['word'], $_SERVER['HTTP_USER_AGENT'] ?? '')) {
            return $device;
        }
    }
    return null;
}

/** The text of a document, which is in the data or among what people ask for, and its digest; for a device. */
function in_order(array $document, ?string $device): array
{
    $text = $document['text'] ?? for_people()['documents'][$document['digest']];
    if ($device === null || strpos($text, DATA['guides']['begin']) === false) {
        return [$text, $document['digest']];
    }
    return [arranged($text, $device), "{$document['digest']}-$device"];
}

/** The page with the guides in the order of the device, and the first of them open. */
function arranged(string $page, string $device): string
{
    ['begin' => $begin, 'end' => $end, 'closed' => $closed, 'open' => $open] = DATA['guides'];
    [$before, $after] = explode($end, $page, 2);
    $guides = explode($begin, $before);
    $head = array_shift($guides);
    $ranks = DATA['devices'][$device]['ranks'];
    usort($guides, static function (string $one, string $other) use ($ranks): int {
        return $ranks[explode('-->', $one)[0]] <=> $ranks[explode('-->', $other)[0]];
    });
    $guides[0] = substr_replace($guides[0], $open, strpos($guides[0], $closed), strlen($closed));
    return $head . $begin . implode($begin, $guides) . $end . $after;
}

/** The Apple profile of the address: that for the device in `for=`, where the service has one. */
function answer_profile(array $endpoint, string $in_path): array
{
    $address = asked_address($endpoint, $in_path);
    if ($address === null) {
        throw new Refusal('MalformedAddress');
    }
    $service = service(...$address);
    $names = DATA['profiles'][language()];
    $own = $names[strtolower(query('for'))] ?? '';
    return fill(isset($service['documents'][$own]) ? $own : $names[''], $address[0], $address[1], $service);
}

/** The page with a field for an address. `$status`: 200, or that of the error that `$typed` has met. */
function field(string $language, int $status, string $typed = ''): array
{
    $kept = preg_match('/\A.{0,' . DATA['longest_address'] . '}\z/us', $typed) ? $typed : '';
    $body = strtr(for_people()['fields'][$language][$status], ['%TYPED%' => escape($kept, 'HTML')]);
    return answer($body, DATA['form'], ['status' => $status, 'headers' => DATA['pages'][$language]['headers']]);
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
