#include "bench/harness/read_costs.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "bench/harness/stopwatch.hpp"

namespace knhk::bench {
namespace {

/// One loop that is measured.
struct Course {
  std::size_t contest;
  Part part;
  Order order;
};

std::vector<Course> courses_of(const Contests& contests, std::initializer_list<Order> orders) {
  std::vector<Course> courses;
  for (std::size_t i = 0; i < contests.size(); ++i) {
    const Profile& profile = contests[i]->profile();
    for (const Order order : orders) {
      if (order == Order::chained && !profile.can_chain) continue;
      if (profile.gives_artifacts) courses.push_back({i, Part::address, order});
      if (profile.gives_id) courses.push_back({i, Part::id, order});
    }
  }
  return courses;
}

/// The order of the repetition: rotated, and backwards every second time, so that none always
/// follows the same.
const Course& course_at(const std::vector<Course>& courses, std::size_t repetition,
                        std::size_t place) {
  const std::size_t at = (repetition * 7 + place) % courses.size();
  return courses[repetition % 2 == 0 ? at : courses.size() - 1 - at];
}

std::size_t index_of(const std::vector<Course>& courses, const Course& course) {
  return static_cast<std::size_t>(&course - courses.data());
}

double ticks_per_read(Seat& seat, const Course& course, std::size_t reads) {
  const double spent = ticks_of([&] { seat.read(course.part, course.order, reads); });
  return spent / static_cast<double>(reads);
}

std::vector<std::size_t> reader_counts(std::size_t most) {
  std::vector<std::size_t> counts;
  for (std::size_t count = 1; count < most; count *= 2) counts.push_back(count);
  counts.push_back(most);
  return counts;
}

std::string readers(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " reader" : " readers");
}

}  // namespace

void measure_reads(const Contests& contests, Crew& crew, const Effort& effort, Figures& figures) {
  const std::vector<Course> courses = courses_of(contests, {Order::independent, Order::chained});
  std::vector<std::vector<double>> samples(courses.size());
  crew.run(1, [&](Crew::Worker& worker) {
    for (std::size_t repetition = 0; repetition < effort.repetitions; ++repetition) {
      for (std::size_t place = 0; place < courses.size(); ++place) {
        const Course& course = course_at(courses, repetition, place);
        Seat& seat = *worker.seats[course.contest];
        seat.resume();
        seat.read(course.part, course.order, 512);  // caches and predictors
        samples[index_of(courses, course)].push_back(ticks_per_read(seat, course, effort.reads));
        seat.rest();
      }
    }
  });
  for (std::size_t i = 0; i < courses.size(); ++i) {
    figures.add(
        {courses[i].order == Order::independent ? "throughput" : "latency",
         contests[courses[i].contest]->profile().name, std::string(name_of(courses[i].part)), ""},
        "ticks per read", std::move(samples[i]));
  }
}

void measure_readers(const Contests& contests, Crew& crew, const Effort& effort, Figures& figures) {
  const std::vector<Course> courses = courses_of(contests, {Order::independent});
  const std::vector<std::size_t> counts =
      reader_counts(std::min(crew.size(), usable_cores().size()));
  if (counts.size() == 1) figures.skip("several readers", "there is only one core");
  std::vector<std::vector<std::vector<double>>> samples(
      counts.size(), std::vector<std::vector<double>>(courses.size()));
  const std::size_t repetitions = effort.repetitions / 4 + 1;
  const std::size_t reads = effort.reads * 4;
  std::vector<double> spent(crew.size());
  for (std::size_t repetition = 0; repetition < repetitions; ++repetition) {
    for (std::size_t c = 0; c < counts.size(); ++c) {
      Meeting meeting(counts[c]);
      crew.run(counts[c], [&](Crew::Worker& worker) {
        for (std::size_t place = 0; place < courses.size(); ++place) {
          const Course& course = course_at(courses, repetition, place);
          Seat& seat = *worker.seats[course.contest];
          seat.resume();
          seat.read(course.part, course.order, 512);
          meeting.arrive_and_wait();
          spent[worker.index] = ticks_per_read(seat, course, reads);
          seat.rest();
          meeting.arrive_and_wait();
          if (worker.index != 0) continue;
          double sum = 0;
          for (std::size_t i = 0; i < counts[c]; ++i) sum += spent[i];
          samples[c][index_of(courses, course)].push_back(sum / static_cast<double>(counts[c]));
        }
      });
    }
  }
  for (std::size_t c = 0; c < counts.size(); ++c) {
    for (std::size_t i = 0; i < courses.size(); ++i) {
      figures.add({"readers", contests[courses[i].contest]->profile().name,
                   std::string(name_of(courses[i].part)), readers(counts[c])},
                  "ticks per read", std::move(samples[c][i]));
    }
  }
}

}  // namespace knhk::bench
