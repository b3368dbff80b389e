"""What every page stands on: the gate, forms, errors, filters, downloads, paging, charts. No domain."""
