"""One or two pages of PDF about a person's checks, to bring to a physiotherapist. No Qt here.

The doors are :func:`app.report.document.write_report`, which takes what it prints, and
:func:`app.report.document.report_profile`, which fetches it from the history first.
"""
