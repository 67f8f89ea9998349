import { type RefObject, useEffect, useRef, useState } from 'react';

/** True once an element has come close to the part of the page that is seen. */
export function useNear(): [boolean, RefObject<HTMLDivElement | null>] {
  const [near, set] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (near || element === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) set(true);
      },
      { rootMargin: '200px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [near]);
  return [near, ref];
}
