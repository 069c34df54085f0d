"""What every request shares and no room owns: errors, forms, languages, security headers, the log."""
