// Entry: the page of a thing.
export {};
