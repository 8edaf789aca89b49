// What pages cannot do from the server: remember light or dark in this browser, and put text into the clipboard.
window.sandqueue = {
  theme: () => localStorage.getItem('sandqueue-theme'),
  keepTheme: (theme) => localStorage.setItem('sandqueue-theme', theme),
  copy: async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { return false; }
  },
  reveal: (id) => document.getElementById(id)?.scrollIntoView({ block: 'end' }),
};
