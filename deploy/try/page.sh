# Sourced by try-compose.sh: runs the shell blocks of a page, in the page's order and in one shell, and compares what they print
# with what the page says.
#
# Above each block stands <!-- runs: NAME -->, or <!-- does not run here: REASON -->; a block with neither is an error. A block of
# text or json right behind it is the whole output, in which … stands for any text.
#
#   begin_page PAGE FOLDER SHELL_FOLDER CHANGES   CHANGES: a sed script, for addresses and folders of this run
#   play NAME                                     the page's next block; fails where its name is another
#   end_page                                      fails where blocks are left

BLOCK_LIMIT=2400

begin_page() {
  PAGE=$1 BLOCKS=$2
  mkdir -p "$BLOCKS"
  sed "$4" "$1" | awk -v folder="$BLOCKS" -v page="$1" '
    /^```/ && inside { inside = 0; if (shown) shown = 0; else if (name != "") after = name; name = ""; next }
    /^```sh$/ {
      if (mark == "") { print page ", line " NR ": the block is marked neither as one that runs nor as one that does not" > "/dev/stderr"; exit 1 }
      inside = 1; name = mark == "-" ? "" : mark; mark = ""; after = ""
      if (name != "") { print name > (folder "/names"); printf "" > (folder "/" name ".sh") }
      next
    }
    /^```(text|json)$/ && after != "" { inside = shown = 1; out = folder "/" after ".expected"; printf "" > out; after = ""; next }
    /^```/ { inside = 1; name = ""; next }
    inside { if (shown) print > out; else if (name != "") print > (folder "/" name ".sh"); next }
    { after = "" }
    /^<!-- runs: [a-z-]+ -->$/ { mark = $3; next }
    /^<!-- does not run here: .+ -->$/ { mark = "-"; print > (folder "/left-out"); next }' || fail "$1 cannot be played"

  mkfifo "$BLOCKS/input"
  # It ends when this script does. The engine's pipe and lock are not for it.
  (cd "$3" && exec bash --noprofile --norc -e "$BLOCKS/input" 8>&- 9>&- > "$BLOCKS/shell.log" 2>&1) &
  PAGE_SHELL=$!
  exec 7> "$BLOCKS/input"
  exec 6< "$BLOCKS/names"
}

play() {
  local next files=$BLOCKS/$1 began=$SECONDS
  read -r next <&6 || fail "$PAGE has no block left, and $1 was to come"
  [ "$next" = "$1" ] || fail "the next block of $PAGE is $next, and should be $1"
  printf 'source %q < /dev/null > %q 2> %q; : > %q\n' "$files.sh" "$files.out" "$files.err" "$files.ended" >&7
  until [ -e "$files.ended" ]; do
    kill -0 "$PAGE_SHELL" 2> /dev/null || { [ -e "$files.ended" ] || fail_block "$1" "it failed"; }
    [ $((SECONDS - began)) -lt "$BLOCK_LIMIT" ] || fail_block "$1" "it took longer than $BLOCK_LIMIT s"
    sleep 0.2
  done

  if [ -e "$files.expected" ]; then prints "$(cat "$files.expected")" "$(cat "$files.out")" || fail_block "$1" "it should print: $(cat "$files.expected")"; fi
  echo "$PAGE: $1 ($((SECONDS - began)) s)"
}

end_page() {
  local next
  if read -r next <&6; then fail "$PAGE: the block $next was not played"; fi
  exec 6<&- 7>&-
  wait "$PAGE_SHELL"
  echo "$PAGE: played $(wc -l < "$BLOCKS/names") blocks; left out: $(sed 's/<!-- does not run here: //; s/ -->//' "$BLOCKS/left-out" | paste -sd ";" | sed "s/;/; /g")"
}

# $1: what is expected, with … for any text; $2: what was printed.
prints() {
  local pattern
  pattern=$(sed 's/[][*?\\()|@+!]/\\&/g; s/…/*/g' <<< "$1")
  # Unquoted, so that it is a pattern.
  [[ $2 == $pattern ]]
}

fail_block() {
  tail -n 40 "$BLOCKS/shell.log" "$BLOCKS/$1".{out,err} >&2
  fail "$PAGE, block $1: $2"
}
