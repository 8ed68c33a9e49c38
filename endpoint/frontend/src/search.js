// Entry: the search page.
export {};
