/** What a distributed run found, for people (text, HTML with charts) and programs (JSON). */
@NullMarked
package io.pushgate.loadtest.report;

import org.jspecify.annotations.NullMarked;
