-- depends: 0014_services
-- Proposals of a new version of the loss model, each with the decision on it; nobody reads them but the insurer itself.

call ringwall.make_noun('refit', array[]::text[]);
