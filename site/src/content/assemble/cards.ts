import type { Article, Provider, Topic } from '@meridian/shared-types';
import { dateView } from '../../features/dates/dates.ts';
import { pictureView } from '../../features/pictures/view.ts';
import { articlePath, providerPath, topicPath } from '../../paths.ts';
import { type Library, resolve } from '../content.ts';
import type { ArticleCard, ProviderCard, ProviderLink, ReviewView, TopicCard, TopicLink } from '../views.ts';

export function articleCard(article: Article, library: Library): ArticleCard {
  const review = reviewView(article, library);
  return {
    title: article.title,
    summary: article.summary,
    href: articlePath(article.slug),
    picture: pictureView(article.heroImage, library.pictures),
    topics: topicLinks(article.topics, library),
    reviewedOn: review.state === 'reviewed' ? review.on : null,
  };
}

/** Said of an overdue review by a clinic that has no words of its own for it. */
const overdueNotice = 'The next clinical review of this page is overdue.';

/** Reviewed means that both a reviewer and a day are stated. */
export function reviewView(article: Article, library: Library): ReviewView {
  const by = article.reviewer === null ? undefined : library.providerById.get(article.reviewer);
  if (by === undefined || article.reviewedOn === null) return { state: 'not-reviewed' };
  return {
    state: 'reviewed',
    by: providerLink(by),
    on: dateView(article.reviewedOn),
    nextDue: article.nextReviewDue === null ? null : dateView(article.nextReviewDue),
    overdue: isOverdue(article.nextReviewDue, library.today)
      ? (library.clinic.overdueReviewNotice ?? overdueNotice)
      : null,
  };
}

/** Overdue from the day after: a review that is due today is still in time. */
function isOverdue(due: string | null, today: string): boolean {
  return due !== null && due < today;
}

export function providerLink(provider: Provider): ProviderLink {
  return {
    name: provider.name,
    credentials: provider.credentials,
    jobTitle: provider.jobTitle,
    href: providerPath(provider.slug),
  };
}

export function providerCard(provider: Provider, library: Library): ProviderCard {
  return {
    ...providerLink(provider),
    photo: pictureView(provider.photo, library.pictures),
    specialties: provider.specialties.map(({ text }) => text),
    acceptsNewPatients: provider.acceptsNewPatients,
  };
}

export function topicLinks(ids: readonly string[], library: Library): TopicLink[] {
  return resolve(ids, library.topicById).map(topicLink);
}

export function topicLink(topic: Topic): TopicLink {
  return { name: topic.name, kind: topic.kind, href: topicPath(topic.slug) };
}

export function topicCard(topic: Topic, library: Library): TopicCard {
  return {
    ...topicLink(topic),
    summary: topic.summary,
    articleCount: library.articlesByTopic.get(topic.documentId)?.length ?? 0,
  };
}
