"""The report."""
def report_page(query, settings, snapshot): return "<html></html>"
