// Entry: the pages of pictures.
export {};
