/** A planned action as the admin shows it. */
export interface ActionAnswer {
  id: number;
  targetType: string;
  targetId: string;
  targetTitle: string;
  isSingle: boolean;
  action: 'publish' | 'unpublish';
  /** ISO instant. */
  dueAt: string;
  scheduledByName: string;
  state: 'waiting' | 'done' | 'refused' | 'cancelled';
  reason: string | null;
}

/** What is planned, and the zone in which to tell its times. */
export interface ScheduleAnswer {
  timeZone: string;
  mayPlan: boolean;
  actions: ActionAnswer[];
}

/** What was planned; `doubled` when clocks go back over its time, so that there are two of it. */
export interface PlannedAnswer {
  id: number;
  dueAt: string;
  doubled: boolean;
}
