"""The admin, where the staff spends its day: its site, and what every model's pages share."""
