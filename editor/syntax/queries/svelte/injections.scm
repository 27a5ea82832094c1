((script_element (raw_text) @injection.content)
  (#set! injection.language "typescript"))

((style_element (raw_text) @injection.content)
  (#set! injection.language "css"))

((svelte_raw_text) @injection.content
  (#set! injection.language "javascript"))
