import { startFakeCms } from '../site/test/fake-cms.ts';
import { articleText } from './article-text.ts';
const cms = await startFakeCms('cms/content', 29999);
const [first] = cms.entries.article;
const base = { ...first };
const n = Number(process.argv[2]);
for (let i = cms.entries.article.length + 1; i <= n; i += 1) {
  const t = articleText(i);
  const fill = (s: Record<string, unknown>) => ({ id: 1, ...s, ...(s.questions ? { questions: (s.questions as object[]).map((q) => ({ id: 1, ...q })) } : {}) });
  cms.entries.article.push({ ...base, ...t, sections: t.sections.map((s) => fill(s as never)), references: t.references.map((r) => ({ id: 1, ...r })), documentId: `bench-${i}`, relatedArticles: [], seo: null });
}
console.log('ready', cms.token);
