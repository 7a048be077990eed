import {
  askedAtOnce,
  checklist,
  faultText,
  type Finding,
  type Level,
  placeOf,
  questionsOf,
} from '@meridian/shared-types/checklist';
import { unstable_useDocumentLayout as useDocumentLayout } from '@strapi/content-manager/strapi-admin';
import { Box, Flex, TextButton, Typography, VisuallyHidden } from '@strapi/design-system';
import { ArrowRight } from '@strapi/icons';
import { useForm } from '@strapi/strapi/admin';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { errorsAt } from './errors-at.ts';
import { formEntry } from './form-entry.ts';
import { focusField } from './jump.ts';
import { labelOf } from './labels.ts';
import { useSurroundings } from './useSurroundings.ts';

interface Props {
  model: string;
  documentId: string;
  /** Changes whenever the entry was saved or published. */
  version: string;
}

const NOTHING_STORED = {};

/** Milliseconds without a change before screen readers hear how many findings there are. */
const CALM = 2000;

const GROUPS: Record<Level, { colour: string; title: string }> = {
  blocks: { colour: 'danger600', title: 'Blocks publishing' },
  advises: { colour: 'warning600', title: 'Advice' },
};

/** What the rules find in the form as it stands. They are the ones that the CMS asks before it publishes. */
export default function Checklist({ model, documentId, version }: Props) {
  const values = useDeferredValue(useForm('Checklist', ({ values }) => values)) as Record<string, unknown>;
  const [known, setKnown] = useState({ siteUrl: '', relations: NOTHING_STORED });
  const type = model.slice(model.lastIndexOf('.') + 1);
  const entry = useMemo(() => formEntry(values, known.relations, documentId), [values, known, documentId]);
  const [questions, isCut] = useMemo(() => {
    const all = questionsOf(type, entry, known.siteUrl);
    const asked = JSON.stringify(askedAtOnce(all));
    return [asked, asked !== JSON.stringify(all)];
  }, [type, entry, known.siteUrl]);
  const { answer, failed } = useSurroundings(model, documentId, questions, version);
  useEffect(() => {
    if (answer !== null) setKnown({ siteUrl: answer.around.siteUrl, relations: answer.relations });
  }, [answer]);
  const findings = useMemo(
    () => (answer === null ? [] : checklist(type, entry, answer.around)),
    [type, entry, answer],
  );

  if (answer === null) {
    return (
      <Typography variant="pi" textColor="neutral600">
        {failed ? 'The CMS does not answer. Reload the page to try again.' : 'Reading the entry'}
      </Typography>
    );
  }
  return (
    <Flex direction="column" alignItems="stretch" gap={4} width="100%">
      <Announced text={summaryOf(findings)} />
      {isCut && (
        <Typography variant="pi" textColor="neutral800">
          This entry has more links and pictures than can be looked up while you write. The rest is looked up
          when you publish.
        </Typography>
      )}
      {findings.length === 0 && (
        <Typography variant="omega" fontWeight="bold" textColor="success600">
          Nothing stands in the way.
        </Typography>
      )}
      <Group level="blocks" model={model} findings={findings} />
      <Group level="advises" model={model} findings={findings} />
      {failed && (
        <Typography variant="pi" textColor="danger600">
          The CMS does not answer: links, pictures and related entries may have changed.
        </Typography>
      )}
    </Flex>
  );
}

function Group({ level, model, findings }: { level: Level; model: string; findings: readonly Finding[] }) {
  const { edit } = useDocumentLayout(model);
  const values = useForm('Checklist', ({ values }) => values) as Record<string, unknown>;
  const errors = useForm('Checklist', ({ errors }) => errors);
  const setErrors = useForm('Checklist', ({ setErrors }) => setErrors);
  const ofLevel = findings.filter((finding) => finding.level === level);
  if (ofLevel.length === 0) return null;
  const { colour, title } = GROUPS[level];

  const jump = async (finding: Finding): Promise<void> => {
    setErrors(errorsAt(finding.path, faultText(finding)));
    await focusField(finding.path, labelOf(finding.path, values, edit));
    // The field keeps the words of what blocks until the next attempt; advice is no error.
    if (level === 'advises') setErrors(errors);
  };

  return (
    <Box>
      <Typography tag="h3" variant="sigma" textColor={colour}>
        {title} ({ofLevel.length})
      </Typography>
      <Flex tag="ul" direction="column" alignItems="stretch" gap={3} paddingTop={2}>
        {ofLevel.map((finding) => (
          <Box
            tag="li"
            key={`${finding.rule} ${finding.path} ${finding.message}`}
            borderColor={colour}
            borderStyle="solid"
            borderWidth="0 0 0 2px"
            paddingLeft={3}
          >
            <TextButton endIcon={<ArrowRight aria-hidden />} onClick={() => void jump(finding)}>
              <VisuallyHidden>Go to </VisuallyHidden>
              {placeOf(finding.path)}
            </TextButton>
            <Typography tag="p" variant="pi" textColor="neutral800" style={{ overflowWrap: 'anywhere' }}>
              {capitalised(finding.message)}
            </Typography>
            <Typography tag="p" variant="pi" textColor="neutral600" style={{ overflowWrap: 'anywhere' }}>
              {finding.mend}
            </Typography>
          </Box>
        ))}
      </Flex>
    </Box>
  );
}

/** Told to screen readers once nothing has changed for a while, so that nobody is interrupted at every letter. */
function Announced({ text }: { text: string }) {
  const [told, setTold] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => {
      setTold(text);
    }, CALM);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {told}
    </VisuallyHidden>
  );
}

function summaryOf(findings: readonly Finding[]): string {
  const blocks = findings.filter(({ level }) => level === 'blocks').length;
  const advises = findings.length - blocks;
  const things = blocks === 1 ? '1 thing blocks' : `${String(blocks)} things block`;
  const advice = advises === 1 ? '1 piece of advice' : `${String(advises)} pieces of advice`;
  if (blocks === 0 && advises === 0) return 'Checklist: nothing stands in the way.';
  return `Checklist: ${blocks === 0 ? 'nothing blocks' : things} publishing, ${advice}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
