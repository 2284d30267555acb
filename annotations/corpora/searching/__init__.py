"""Finding articles: what of an article is looked up, how a query is read, where its words stand."""
