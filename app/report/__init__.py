"""One or two pages of PDF about a person's checks, to bring to a physiotherapist. No Qt here.

The doors are :func:`app.report.document__write.write_report`, which takes what it prints, and
:func:`app.report.document__gather.report_profile`, which fetches it from the history first.
"""
