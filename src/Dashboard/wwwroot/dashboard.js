// What pages cannot do from the server: remember light or dark in this browser, and put text into the clipboard.
window.sandqueue = {
  isDark: () => {
    const kept = localStorage.getItem('sandqueue-theme');
    return kept ? kept === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  },
  theme: () => localStorage.getItem('sandqueue-theme'),
  keepTheme: (theme) => localStorage.setItem('sandqueue-theme', theme),
  copy: async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { return false; }
  },
  reveal: (id) => document.getElementById(id)?.scrollIntoView({ block: 'end' }),
};
