// The phone's page: shows the camera with a frame and a level, counts, takes pictures, sends them.
"use strict";

const told = JSON.parse(document.getElementById("told").textContent);
const words = told.words;
const part = (id) => document.getElementById(id);
const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const fill = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

const MOST_TRIES = 3;
const LEVEL_DEG = 1;
const UPRIGHT_DEG = 6;
const SLOW_PICTURE_S = 3;

let stream = null;
let facing = "environment";
let isCounting = false;
let hasBegun = told.came > 0;
let wakeLock = null;
/** How many pictures were taken here; numbers go on after a page was loaded again. */
let taken = told.last;
let arrived = told.came;
/** What is to be sent: pictures as {blob, at, number}, at by performance.now(). */
const waiting = [];
let sending = null;

function news(sentence, canTryAgain = false) {
  part("news").textContent = sentence;
  part("foot").classList.toggle("said", Boolean(sentence));
  part("again").hidden = !canTryAgain;
}

function cue(sentence, isSpoken = true) {
  part("cue").textContent = sentence;
  if (isSpoken) say(sentence);
}

function say(sentence) {
  if (!part("voice").checked || !window.speechSynthesis || !sentence) return;
  const spoken = new SpeechSynthesisUtterance(sentence);
  spoken.lang = document.documentElement.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(spoken);
}

// --- Sending -----------------------------------------------------------------------------------

class NotSent extends Error {}

async function ask(method, path, body, headers = {}) {
  let answer;
  try {
    answer = await fetch(path, { method, body, headers, credentials: "same-origin" });
  } catch (error) {
    throw new NotSent(words.lost);
  }
  if (!answer.ok) {
    const refusal = new NotSent((await answer.text()).trim());
    refusal.isFinal = answer.status !== 408 && answer.status !== 400;
    throw refusal;
  }
}

async function begin() {
  if (hasBegun) return;
  await ask("POST", "begin");
  hasBegun = true;
}

async function sendOne(picture) {
  if (picture.blob.size > told.most_bytes) {
    const refusal = new NotSent(words.too_large);
    refusal.isFinal = true;
    throw refusal;
  }
  for (let tries = 1; ; tries += 1) {
    // How long ago, so that this phone's clock may be wrong.
    const ago = Math.max(0, (performance.now() - picture.at) / 1000).toFixed(2);
    try {
      await ask("PUT", `pictures/${picture.number}`, picture.blob, { "X-Taken-Ago-S": ago });
      return;
    } catch (refusal) {
      if (refusal.isFinal || tries >= MOST_TRIES) throw refusal;
      await wait(tries);
    }
  }
}

/** Send what waits, one after the other; tell whether all of it arrived. */
function send() {
  if (!sending) sending = sendAll().finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  while (waiting.length) {
    try {
      await sendOne(waiting[0]);
    } catch (refusal) {
      if (refusal.isFinal) waiting.shift();
      news(fill(words.not_sent, { why: refusal.message }), !refusal.isFinal);
      return false;
    }
    waiting.shift();
    arrived += 1;
    const most = part("camera").hidden ? arrived : told.pictures;
    news(fill(words.sent_of, { number: arrived, pictures: Math.max(most, arrived) }));
    part("finish").disabled = false;
  }
  return true;
}

function keep(blob, at) {
  taken += 1;
  waiting.push({ blob, at, number: taken });
  return send();
}

async function finish() {
  part("finish").disabled = true;
  if (waiting.length && !(await send())) {
    part("finish").disabled = arrived === 0;
    return;
  }
  try {
    await ask("POST", "done");
  } catch (refusal) {
    // All pictures are there; the computer goes on by itself or by its button.
    if (arrived === 0) { news(refusal.message); return; }
  }
  closeCamera();
  for (const id of ["with-camera", "stills"]) part(id).hidden = true;
  show("start");
  news(words.done);
  say(words.done);
  document.body.dataset.state = "done";
}

// --- Camera ------------------------------------------------------------------------------------

function show(id) {
  for (const one of ["start", "camera"]) part(one).hidden = one !== id;
}

async function openCamera() {
  closeCamera();
  stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: {
      facingMode: { ideal: facing }, width: { ideal: 4096 }, height: { ideal: 3072 },
    },
  });
  const video = part("video");
  video.srcObject = stream;
  const settings = stream.getVideoTracks()[0].getSettings();
  video.classList.toggle("mirrored", settings.facingMode === "user");
  await video.play();
  fit();
}

function closeCamera() {
  if (stream) for (const track of stream.getTracks()) track.stop();
  stream = null;
}

/** Lay the frame over the picture itself, which may be smaller than its place. */
function fit() {
  const video = part("video");
  const room = part("camera").getBoundingClientRect();
  if (!video.videoWidth || !room.width) return;
  const scale = Math.min(room.width / video.videoWidth, room.height / video.videoHeight);
  const width = video.videoWidth * scale;
  const height = video.videoHeight * scale;
  const tall = height * 0.9;
  const wide = Math.min(width * 0.9, tall * 0.5);
  Object.assign(part("frame").style, {
    left: `${(room.width - wide) / 2}px`, top: `${(room.height - tall) / 2}px`,
    width: `${wide}px`, height: `${tall}px`,
  });
}

async function picture() {
  const at = performance.now();
  const track = stream.getVideoTracks()[0];
  if (window.ImageCapture) {
    try {
      const slow = wait(SLOW_PICTURE_S).then(() => { throw new NotSent("slow"); });
      const blob = await Promise.race([new ImageCapture(track).takePhoto(), slow]);
      if (blob.size) return { blob, at };
    } catch (error) {
      // Some cameras cannot; the picture on the screen will do.
    }
  }
  const video = part("video");
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const now = performance.now();
  canvas.getContext("2d").drawImage(video, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
  return { blob, at: now };
}

async function count(seconds) {
  const names = words.counts.split(",");
  const ends = performance.now() + seconds * 1000;
  let last = null;
  while (isCounting) {
    const left = Math.ceil((ends - performance.now()) / 1000);
    if (left <= 0) break;
    if (left !== last) {
      last = left;
      part("count").textContent = left <= 10 ? String(left) : "";
      if (left <= 3) say(names[names.length - left]);
    }
    await wait(0.05);
  }
  part("count").textContent = "";
}

async function series() {
  isCounting = true;
  part("begin").textContent = words.stop;
  part("turn").hidden = true;
  await keepAwake();
  let first = true;
  while (isCounting && taken < told.pictures) {
    cue(first ? words.get_ready : words.march);
    await count(first ? Number(part("timer").value) : told.pause_s);
    if (!isCounting) break;
    cue(words.still, false);
    const { blob, at } = await picture();
    if (!isCounting || !blob) break;
    first = false;
    keep(blob, at);
    cue(fill(words.picture_of, { number: taken, pictures: told.pictures }));
    await wait(Math.min(1, told.pause_s / 4));
  }
  isCounting = false;
  part("begin").textContent = words.begin;
  part("turn").hidden = false;
  if (taken >= told.pictures) {
    cue(words.all_taken);
    part("buttons").hidden = true;
    if (await send()) await finish();
  } else {
    cue("");
  }
}

async function keepAwake() {
  try {
    wakeLock = wakeLock || (await navigator.wakeLock.request("screen"));
  } catch (error) {
    // The screen may go dark; a phone that is being used stays awake anyway.
  }
}

// --- Level -------------------------------------------------------------------------------------

function showLevel(event) {
  if (event.beta === null || event.gamma === null) return;
  const beta = (event.beta * Math.PI) / 180;
  const gamma = (event.gamma * Math.PI) / 180;
  // Which way is up, along the phone's own axes (W3C Device Orientation, the rotation's last row):
  // x to its right, y to its top, z out of its screen.
  const x = -Math.cos(beta) * Math.sin(gamma);
  const y = Math.sin(beta);
  const z = Math.cos(beta) * Math.cos(gamma);
  const turned = (screen.orientation && screen.orientation.angle) || window.orientation || 0;
  let roll = (Math.atan2(x, y) * 180) / Math.PI - turned;
  roll -= 360 * Math.round(roll / 360);
  const lean = (Math.asin(Math.max(-1, Math.min(1, z))) * 180) / Math.PI;
  let sentence = words.level_good;
  if (Math.abs(lean) > UPRIGHT_DEG) sentence = words.level_upright;
  // Positive: turned against the clock, as somebody sees it who looks at the screen.
  if (Math.abs(roll) > LEVEL_DEG) sentence = roll > 0 ? words.level_right : words.level_left;
  const level = part("level");
  level.hidden = false;
  level.classList.toggle("good", sentence === words.level_good);
  level.querySelector("i").style.transform = `rotate(${roll.toFixed(1)}deg)`;
  level.querySelector("span").textContent = sentence;
}

async function useLevel() {
  const Orientation = window.DeviceOrientationEvent;
  if (!Orientation) return;
  try {
    // An iPhone asks, and only after a press of a button.
    const asks = typeof Orientation.requestPermission === "function";
    if (asks && (await Orientation.requestPermission()) !== "granted") return;
  } catch (error) {
    return;
  }
  window.addEventListener("deviceorientation", showLevel);
}

// --- Start -------------------------------------------------------------------------------------

function useStills(why) {
  part("with-camera").hidden = true;
  part("stills").hidden = false;
  part("why").textContent = why;
  part("why").hidden = !why;
  part("finish").disabled = arrived === 0;
  show("start");
}

async function go() {
  part("go").disabled = true;
  const asked = useLevel();
  try {
    await begin();
    await openCamera();
    await asked;
    show("camera");
    fit();
    if (arrived) news(fill(words.sent_of, { number: arrived, pictures: told.pictures }));
  } catch (error) {
    if (error instanceof NotSent) news(error.message);
    else useStills(words.refused_camera);
  }
  part("go").disabled = false;
}

async function takeFile() {
  const file = part("file").files[0];
  if (!file) return;
  // Both moments are this phone's, so its clock may be wrong.
  const ago = Math.max(0, Date.now() - (file.lastModified || Date.now()));
  try {
    await begin();
    news(words.sending);
    await keep(file, performance.now() - ago);
  } catch (refusal) {
    news(refusal.message);
  }
  part("file").value = "";
  part("finish").disabled = arrived === 0;
  if (taken >= told.most) part("file").disabled = true;
}

for (const one of document.querySelectorAll("[data-say]")) {
  one.textContent = fill(words[one.dataset.say], told);
}
part("frame").setAttribute("aria-label", words.frame);
for (const seconds of new Set([told.first_s, 5, 10, 20])) {
  part("timer").add(new Option(fill(words.seconds, { seconds }), String(seconds)));
}
part("plain").hidden = location.protocol === "https:";
part("go").addEventListener("click", go);
part("instead").addEventListener("click", () => useStills(""));
part("file").addEventListener("change", takeFile);
part("finish").addEventListener("click", finish);
part("again").addEventListener("click", async () => {
  news(words.sending);
  if ((await send()) && taken >= told.pictures && !part("camera").hidden) await finish();
});
part("turn").addEventListener("click", async () => {
  facing = facing === "environment" ? "user" : "environment";
  try {
    await openCamera();
  } catch (error) {
    useStills(words.refused_camera);
  }
});
part("begin").addEventListener("click", () => {
  if (isCounting) isCounting = false;
  else series();
});
window.addEventListener("resize", fit);
part("video").addEventListener("resize", fit);
document.addEventListener("visibilitychange", () => {
  // Somebody who looks at something else does not want to be photographed.
  if (document.hidden) isCounting = false;
});

show("start");
if (!window.isSecureContext || !navigator.mediaDevices) useStills(words.no_camera);
document.body.dataset.state = "ready";
