package io.skep.metamanager.internal;

import io.skep.core.api.message.Content;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code query meta} answers, for {@code edge:meta}. */
record MetaSummary(Map<String, Long> rows, boolean connected, int writing, int unsent, MetaFigures figures) {

    Content content() {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("connected", connected);
        summary.put("rows", rows);
        summary.put("total", rows.values().stream().mapToLong(Long::longValue).sum());
        summary.put("writing", writing);
        summary.put("unsent", unsent);
        summary.put("stored", figures.stored.get());
        summary.put("duplicates", figures.duplicates.get());
        summary.put("failures", figures.failures.get());
        summary.put("refused", figures.unknown.get());
        summary.put("localAnswers", figures.local.get());
        summary.put("remoteAnswers", figures.remote.get());
        return new Content.Json(Json.write(summary));
    }
}
