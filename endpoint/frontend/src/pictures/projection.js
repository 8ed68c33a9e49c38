// Equal Earth (Šavrič, Patterson, Jenny 2018): areas are true to each other.
const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796];
const half = Math.sqrt(3) / 2;
const turn = Math.PI / 180;

/** @param {number} t */
const rise = (t) => a1 * t + a2 * t ** 3 + t ** 7 * (a3 + a4 * t * t);
/** @param {number} t */
const slope = (t) => a1 + 3 * a2 * t * t + t ** 6 * (7 * a3 + 9 * a4 * t * t);

/**
 * Longitude and latitude to x and y, y downwards.
 * @param {number[]} point
 */
export function project([longitude, latitude]) {
  const t = Math.asin(half * Math.sin(latitude * turn));
  return [(longitude * turn * Math.cos(t)) / (half * slope(t)) / turn, -rise(t) / turn];
}

/**
 * The way back, by Newton's method.
 * @param {number[]} point
 */
export function unproject([x, y]) {
  const wanted = -y * turn;
  let t = wanted;
  for (let step = 0; step < 8; step += 1) t -= (rise(t) - wanted) / slope(t);
  return [(x * half * slope(t)) / Math.cos(t), Math.asin(Math.sin(t) / half) / turn];
}
