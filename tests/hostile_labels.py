"""Names that markdown, or Streamlit on top of it, would read as something else; and ordinary ones beside them."""

ORDINARY = (
    "BDI (0 to 63)", "SB-001", "Zoë (née O'Brien)", "at 10:30", "sb_001_x", "Anna & Ben", "100 % of 5", "R&D", "5*",
    "~5", "$5", "C:\\dir", "a|b", "Mood: low", "What was agreed!", "{x}", "a [b] (c)", "x = 3 + 4", "#5 of 6.", "_a_b",
)  # fmt: skip
HOSTILE = (
    "*bold*", "**x**", "a*b*c", "_it_", "__x__", "`code`", "~~gone~~", "~sub~", "$x$ and $y$", "* * *", "***",
    "___", "---", "- - -", "1. one", "1) one", "- x", "+ x", "# h", "> q", "*", "title #", "==", ":smile:", ":+1:",
    ":material/home:", ":streamlit:", ":red[x]", ":red{x}", "::red[x]", "[a]:red[x]", ":red-background[:blue[x]]",
    "at 10:30:45", "a :red", "[a](http://b.example)", "[a]: http://x", "![x](x.png)", "<b>x</b>", "<!-- c -->",
    "<http://x.example>", "www.evil.example", "http://evil.example/x", "HTTPS://X.example", "mailto:a@b.example",
    "me@evil.example", "http\\://x.example", "&amp; me", "&#42;x&#42;", "\\*x\\*", "a\\:red[x]", "a -> b", "a <- b",
    "a <-> b", "a -- b", "x >= 3", "x ~= y", "**a** `b` $c$ :red[*d*] <i>e</i>",
)  # fmt: skip
