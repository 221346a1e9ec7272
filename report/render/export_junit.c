/* SPDX-License-Identifier: MIT
 *
 * JUnit's XML: a test case for each fingerprint, so that a service that compares branches sees
 * which ones are new. Valid by the schema of Jenkins, which knows no place in the source; it is in
 * the text.
 */
#include "render/export_parts.h"

#include <inttypes.h>
#include <string.h>

static void junit_case(struct textbuf *text, const struct view *view, const struct issue *issue)
{
    struct textbuf words = {0};
    textbuf_put(text, "    <testcase classname=\"mmguard.");
    export_put_xml(text, issue->kind);
    textbuf_put(text, "\" name=\"");
    export_put_xml(text, issue->path);
    textbuf_format(text, " [%016" PRIx64 "]\" time=\"0\">\n      <failure type=\"", issue->hash);
    export_put_xml(text, issue->kind);
    textbuf_put(text, "\" message=\"");
    export_put_title(&words, issue);
    textbuf_put(&words, ": ");
    export_put_message(&words, view, issue);
    export_put_xml(text, textbuf_text(&words));
    textbuf_put(text, "\">");
    textbuf_clear(&words);
    export_put_details(&words, view, issue);
    export_put_xml(text, textbuf_text(&words));
    textbuf_put(text, "</failure>\n    </testcase>\n");
    textbuf_free(&words);
}

void export_junit(const struct view *view)
{
    struct textbuf text = {0};
    size_t failures = view->issues->items.count;
    bool doubts = view->doubts[0] != '\0';
    bool clean = failures == 0 && !doubts;
    textbuf_put(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    for (int i = 0; i < 2; i++) {
        textbuf_format(
            &text,
            "%s name=\"mmguard\" tests=\"%zu\" failures=\"%zu\" errors=\"%d\" %stime=\"0\">\n",
            i == 0 ? "<testsuites" : "  <testsuite", failures + doubts + clean, failures, doubts,
            i == 0 ? "" : "skipped=\"0\" ");
    }
    for (size_t i = 0; i < failures; i++)
        junit_case(&text, view, &view->issues->items.items[i]);
    if (doubts) {
        textbuf_put(&text,
                    "    <testcase classname=\"mmguard\" name=\"complete\" time=\"0\">\n"
                    "      <error type=\"incomplete\" message=\"the record of the run is not "
                    "whole\">");
        export_put_xml(&text, view->doubts);
        textbuf_put(&text, "</error>\n    </testcase>\n");
    } else if (clean) {
        textbuf_put(&text,
                    "    <testcase classname=\"mmguard\" name=\"no findings\" time=\"0\"/>\n");
    }
    textbuf_put(&text, "  </testsuite>\n</testsuites>\n");
    fputs(textbuf_text(&text), view->style.out);
    textbuf_free(&text);
}
