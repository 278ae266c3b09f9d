// Saves the draft by itself, one save at a time, against the revision that was read. Nothing is ever overwritten.
// Gives what is to be called after each change; `write` gives the file's text.
const PAUSE = 900;

export function saving(write, place, setting, { told, linted }, opened) {
  let { revision } = setting;
  // What this editor writes of the file as it is stored: the server carries over only what differs from it.
  let before = opened;
  let timer = 0;
  let busy = false;
  let wanted = false;
  let stopped = false;

  async function send() {
    if (busy || stopped) {
      wanted = !stopped;
      return;
    }
    busy = true;
    wanted = false;
    told('Saving…');
    try {
      const text = await write();
      const answer = await fetch(place.dataset.save, {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': place.dataset.token },
        body: JSON.stringify({ revision, path: setting.path, text, before })
      });
      const said = await answer.json();
      if (answer.ok) {
        revision = said.revision;
        before = text;
        linted(said.findings);
        told(wanted ? 'Saving…' : 'Saved');
      } else {
        stopped = true;
        told(`Not saved: ${said.happened}`, 'bad');
      }
    } catch {
      wanted = true;
      told('Not saved: the server cannot be reached. It is tried again.', 'bad');
    }
    busy = false;
    if (wanted && !stopped) {
      later();
    }
  }

  function later() {
    wanted = true;
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  }

  window.addEventListener('beforeunload', (event) => {
    if (wanted || busy) {
      event.preventDefault();
    }
  });
  return () => {
    told('Saving…');
    later();
  };
}
