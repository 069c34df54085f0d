"""Pictures and documents made of plain objects: charts as SVG, PDF. No database, no request."""
