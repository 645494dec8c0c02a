// The search of every page: words in any order; a phone number as people write it, with spaces, dashes or +86.
"use strict";
// Full-width digits and letters, as Chinese keyboards make them, are the same as plain ones.
globalThis.plainText = (text) => text.normalize("NFKC").toLowerCase();

// A test for texts that went through plainText.
globalThis.searchFor = (query) => {
  const NUMBER = /(?:\+|00)?\d(?:[\d\s().·/–-]*\d)?/g;
  const said = plainText(query);
  // Written apart, the digits are one number; as they stand, they may be part of a name (`youyin-2026-08`).
  const numbers = [...said.matchAll(NUMBER)].map(([written]) => {
    const digits = written.replace(/\D/g, "");
    const national = digits.replace(/^(?:00)?86(?=\d{9,})/, "");
    return [written.trim(), digits, national];
  });
  const words = said.replace(NUMBER, " ").split(/\s+/).filter(Boolean);
  // A word that holds digits is searched for as it is written.
  if (said.split(/\s+/).some((word) => /\d/.test(word) && /[^\d\s().·/–+-]/.test(word))) {
    const terms = said.split(/\s+/).filter(Boolean);
    return (text) => terms.every((term) => text.includes(term));
  }
  return (text) => words.every((word) => text.includes(word)) && numbers.every((forms) => forms.some((form) => text.includes(form)));
};
