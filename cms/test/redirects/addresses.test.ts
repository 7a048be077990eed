import { describe, expect, it } from 'vitest';
import { readFrom, readTo } from '../../src/redirects/addresses.ts';
import { endOf } from '../../src/redirects/chains.ts';

const ORIGIN = 'https://clinic.example';

describe('readFrom', () => {
  it.each([
    ['/old', '/old/'],
    [' /old/ ', '/old/'],
    ['/2019/05/neck-pain/', '/2019/05/neck-pain/'],
    ['/old.html', '/old.html'],
    ['/old.html/', '/old.html'],
    ['/old/index.html', '/old/'],
    ['/old/index.html/', '/old/'],
    ['/old/no-index.html', '/old/no-index.html'],
    ['/%C3%BCber', '/über/'],
    ['https://clinic.example/old', '/old/'],
    ['/articles/neck-pain/', '/articles/neck-pain/'],
  ])('takes %s for %s', (text, address) => {
    expect(readFrom(text, ORIGIN)).toEqual({ ok: true, address });
  });

  it.each([
    ['', 'is empty'],
    ['old', 'must begin with "/"'],
    ['/', 'home page'],
    ['/old?x=1', 'no "?" or "#"'],
    ['/old#top', 'no "?" or "#"'],
    ['/old page/', 'spaces or signs'],
    ['/old\\page/', 'spaces or signs'],
    ['/old//page/', 'spaces or signs'],
    ['/old%2fpage/', 'spaces or signs'],
    ['/old%00/', 'spaces or signs'],
    ['/%zz/', 'spaces or signs'],
    ['/old/../admin/', '"." or ".."'],
    ['//evil.example/', 'another site'],
    ['https://evil.example/old/', 'another site'],
    ['https://user@clinic.example/old/', 'another site'],
    ['javascript:alert(1)', 'another site'],
    ['/Admin/users/', 'which the site itself uses'],
    ['/api/articles/', 'which the site itself uses'],
    ['/preview/', 'which the site itself uses'],
    ['/articles', 'always has'],
    ['/articles/page/2/', 'always has'],
    ['/topics/spine/page/2/', 'always has'],
    ['/consultation/received', 'always has'],
    ['/robots.txt', 'always has'],
    ['/search-engine.js', 'always has'],
    ['/index.html', 'home page'],
    ['/articles/index.html', 'always has'],
  ])('refuses %j: it %s', (text, fault) => {
    expect(readFrom(text, ORIGIN)).toEqual({
      ok: false,
      fault: expect.stringContaining(fault) as unknown,
    });
  });
});

describe('readTo', () => {
  it.each([
    ['entry:article/a1#risks', 'entry:article/a1#risks'],
    ['/consultation?topic=spine#form', '/consultation/?topic=spine#form'],
    ['https://clinic.example/articles/x', '/articles/x/'],
    ['/about/index.html?a=b#c', '/about/?a=b#c'],
    ['/', '/'],
  ])('takes %s for %s', (text, address) => {
    expect(readTo(text, ORIGIN)).toEqual({ ok: true, address });
  });

  it.each([
    ['entry:article/', 'names no page'],
    ['https://evil.example/', 'another site'],
    ['', 'is empty'],
  ])('refuses %j: it %s', (text, fault) => {
    expect(readTo(text, ORIGIN)).toEqual({ ok: false, fault: expect.stringContaining(fault) as unknown });
  });
});

describe('endOf', () => {
  const steps = new Map([
    ['/a/', '/b/#part'],
    ['/b/', 'entry:article/a1'],
    ['/round/', '/and-round/'],
    ['/and-round/', '/round/'],
  ]);
  const next = (path: string) => Promise.resolve(steps.get(path));

  it.each([
    ['/a/', 'entry:article/a1'],
    ['/b/?x=1', 'entry:article/a1'],
    ['/c/', '/c/'],
    ['entry:article/a1', 'entry:article/a1'],
  ])('follows %s to %s', async (address, end) => {
    expect(await endOf(address, '/start/', next)).toBe(end);
  });

  it.each([
    ['/start/', '/start/'],
    ['/a/', '/b/'],
    ['/round/', '/start/'],
  ])('finds no end from %s when the way began at %s', async (address, start) => {
    expect(await endOf(address, start, next)).toBeNull();
  });
});
