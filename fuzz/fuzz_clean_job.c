// SPDX-License-Identifier: GPL-3.0-or-later
#include "clean/clean.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct clean_job job;

	if (clean_job_read(&job, bytes, size) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(job.task >= CLEAN_TYPE && job.task <= CLEAN_REDACT && job.count <= CLEAN_BOXES_MAX);
	for (size_t i = 0; i < job.count; i++)
		if (box_fits(&job.boxes[i], 1000, 1000))
			FUZZ_CHECK(job.boxes[i].left + job.boxes[i].width <= 1000);
	return 0;
}
